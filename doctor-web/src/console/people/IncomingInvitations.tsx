import type { IncomingInvitation } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { PhoneIncoming } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useDesktopNotification } from '../../alert/useDesktopNotification.ts';
import { useMute } from '../../alert/useMute.ts';
import { useRepeatedChime } from '../../alert/useRepeatedChime.ts';
import { useShowError } from '../../layout/useShowError.ts';

interface IncomingInvitationsProps {
  readonly ringing: readonly IncomingInvitation[];
  /** In a call of one's own. */
  readonly inOwnCall: boolean;
  /** In a colleague's call: that one may be taken over. */
  readonly accepted: IncomingInvitation | null;
}

/** A colleague asks: rings like an arrival, on the desktop too, until it is answered or over. */
export function IncomingInvitations({ ringing, inOwnCall, accepted }: IncomingInvitationsProps) {
  const { t } = useTranslation('callPeople');
  const [muted] = useMute();
  const newest = ringing.at(-1);
  useRepeatedChime(newest !== undefined && !inOwnCall && accepted === null && !muted, newest?.invitationId);
  useDesktopNotification(
    newest === undefined ? null : t(`incoming.${newest.purpose}Desktop`, { name: newest.from.name }),
    'invitation',
  );
  const isBusy = ({ purpose, encounterId }: IncomingInvitation): boolean =>
    inOwnCall || (accepted !== null && (purpose !== 'transfer' || encounterId !== accepted.encounterId));
  return ringing.map((invitation) => (
    <Ringing key={invitation.invitationId} invitation={invitation} busy={isBusy(invitation)} />
  ));
}

function Ringing({ invitation, busy }: { readonly invitation: IncomingInvitation; readonly busy: boolean }) {
  const { t } = useTranslation('callPeople');
  const pick = usePick();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const { invitationId, from, purpose, note, reason, clinicName } = invitation;
  const settled = {
    onError: showError,
    onSettled: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: query.callPeople.incoming.key() }),
        queryClient.invalidateQueries({ queryKey: query.queue.mine.key() }),
      ]);
    },
  };
  const accept = useMutation(query.callPeople.accept.mutationOptions(settled));
  const decline = useMutation(query.callPeople.decline.mutationOptions(settled));
  const knownReason = reason === null || reason === 'specialist-late' ? null : reason;
  return (
    <div className="c-invited" role="alert" data-testid="incoming-invitation" data-purpose={purpose}>
      <PhoneIncoming className="ch-icon" aria-hidden />
      <div>
        <p className="c-invited__title">{t(`incoming.${purpose}`, { name: from.name })}</p>
        <p>
          {t('incoming.from', { hospital: pick(from.hospital.name), department: pick(from.departmentName) })} ·{' '}
          {t('incoming.clinic', { clinic: pick(clinicName) })}
        </p>
        {knownReason === null ? null : <p>{t('incoming.reason', { reason: t(`colleague.reasons.${knownReason}`) })}</p>}
        {note === '' ? null : <p>{t('incoming.note', { note })}</p>}
        {busy ? <p className="c-people__wrong">{t('incoming.busy')}</p> : null}
      </div>
      <Button loading={decline.isPending} onClick={() => decline.mutate({ invitationId })} data-testid="decline">
        {t('incoming.decline')}
      </Button>
      <Button
        type="primary"
        disabled={busy}
        loading={accept.isPending}
        onClick={() => accept.mutate({ invitationId })}
        data-testid="accept"
      >
        {t('incoming.accept')}
      </Button>
    </div>
  );
}
