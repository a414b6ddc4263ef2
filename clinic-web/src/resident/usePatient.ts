import type { PatientId } from '@cloud-hospital/protocol';
import { useSession } from '@cloud-hospital/ui/api';

interface Patient {
  readonly patientId: PatientId;
  readonly displayName: string;
}

/** The signed-in resident; only below <SignedIn>, which lets nobody through without a name. */
export function usePatient(): Patient {
  const state = useSession();
  if (state.status !== 'signed-in' || state.session.patientId === null) {
    throw new TypeError('usePatient outside of <SignedIn>');
  }
  return { patientId: state.session.patientId, displayName: state.session.displayName };
}
