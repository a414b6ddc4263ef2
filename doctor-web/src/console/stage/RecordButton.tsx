import { type Call, CallControlButton } from '@cloud-hospital/call/react';
import type { EncounterId } from '@cloud-hospital/protocol';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { Tooltip } from 'antd';
import { CircleStop, Disc } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';
import { useEncounter } from '../record/useEncounter.ts';

interface RecordButtonProps {
  readonly call: Call;
  readonly encounterId: EncounterId;
}

/** Starts and stops the recording, while the resident's consent stands. */
export function RecordButton({ call, encounterId }: RecordButtonProps) {
  const { t } = useTranslation('call');
  const { query } = useApi();
  const showError = useShowError();
  const encounter = useEncounter(encounterId);
  const start = useMutation(query.recordings.start.mutationOptions({ onError: showError }));
  const stop = useMutation(query.recordings.stop.mutationOptions({ onError: showError }));
  const isOn = call.state.recording !== null;
  const mayStart =
    encounter.data?.consents.some(({ purpose, status }) => purpose === 'recording' && status === 'active') ?? false;
  const isOff = call.state.phase === 'ended' || start.isPending || stop.isPending;
  return (
    <Tooltip title={isOn || mayStart ? null : t('recording.needConsent')}>
      {/* A disabled button tells no pointer why. */}
      <span>
        <CallControlButton
          size="compact"
          icon={isOn ? CircleStop : Disc}
          label={t(isOn ? 'recording.stop' : 'recording.start')}
          disabled={isOff || !(isOn || mayStart)}
          onPress={() => (isOn ? stop : start).mutate({ encounterId })}
        />
      </span>
    </Tooltip>
  );
}
