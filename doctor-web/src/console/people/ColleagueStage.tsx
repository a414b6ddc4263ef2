import { CallControls, CallStage, useCall } from '@cloud-hospital/call/react';
import type { IncomingInvitation } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';
import { DeviceSettings } from '../stage/DeviceSettings.tsx';
import { ElsewhereStage } from '../stage/ElsewhereStage.tsx';
import { MessagesControl } from '../stills/MessagesControl.tsx';
import { HoldBanner } from './HoldBanner.tsx';
import { PeopleControl } from './PeopleControl.tsx';

/** Somebody else's consultation, in which one gives an opinion: the call, without what only the responsible one decides. */
export function ColleagueStage({ invitation }: { readonly invitation: IncomingInvitation }) {
  const { t } = useTranslation(['callPeople', 'console']);
  const pick = usePick();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const { encounterId, invitationId, patientName, clinicName, clinicPhone, from } = invitation;
  const [elsewhere, setElsewhere] = useState(false);
  const refetch = () => queryClient.invalidateQueries({ queryKey: query.callPeople.incoming.key() });
  const call = useCall({
    encounterId: elsewhere ? null : encounterId,
    role: 'specialist',
    autoStart: true,
    onEnded: (reason) => {
      if (reason === 'attached-elsewhere') setElsewhere(true);
      void refetch();
    },
  });
  const leave = useMutation(query.callPeople.leave.mutationOptions({ onError: showError, onSettled: refetch }));
  if (elsewhere) {
    return <ElsewhereStage onTakeOver={() => setElsewhere(false)} />;
  }
  return (
    <section
      className="c-stage"
      aria-label={t('console:title.doctor')}
      data-testid="colleague-stage"
      data-phase={call.state.phase}
    >
      <CallStage call={call} size="console" phone={{ name: pick(clinicName), number: clinicPhone }}>
        <div className="c-stage__who">
          <strong>{patientName}</strong>
          <span>{t('guesting', { name: from.name })}</span>
        </div>
      </CallStage>
      <HoldBanner call={call} decides={false} />
      <div className="c-stage__bar">
        <CallControls
          call={call}
          size="compact"
          bindShortcuts
          shortcuts={{ microphone: 'M', camera: 'V' }}
          hangUpLabel={t('leave')}
          onHangUp={() => leave.mutate({ invitationId })}
          after={
            <>
              <MessagesControl encounterId={encounterId} />
              <PeopleControl call={call} encounterId={encounterId} decides={false} />
              <DeviceSettings call={call} />
            </>
          }
        />
      </div>
    </section>
  );
}
