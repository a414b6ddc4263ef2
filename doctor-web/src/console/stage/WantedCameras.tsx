import { type Call, CameraChoice, camerasOf } from '@cloud-hospital/call/react';
import { useShowError } from '../../layout/useShowError.ts';

/** Where the clinic has a second camera: what the specialist wants to see of the resident. */
export function WantedCameras({ call }: { readonly call: Call }) {
  const showError = useShowError();
  const clinic = call.state.participants.find(({ hasExamination }) => hasExamination);
  if (clinic === undefined) return null;
  return (
    <CameraChoice
      size="compact"
      chosen={camerasOf(call.state, clinic.peerId)}
      onChoose={(cameras) => void call.actions.wantCameras(clinic.peerId, cameras).catch(showError)}
    />
  );
}
