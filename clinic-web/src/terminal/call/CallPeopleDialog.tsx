import type { Call } from '@cloud-hospital/call/react';
import { useNotification } from '@cloud-hospital/call/react';
import type { EncounterId, GuestLinkId } from '@cloud-hospital/protocol';
import { GuestKind } from '@cloud-hospital/protocol/states';
import { ErrorNote, formatTime } from '@cloud-hospital/ui';
import { refetchSoon, useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { QrCode } from '@cloud-hospital/ui/qr';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../controls/Dialog.tsx';

interface CallPeopleDialogProps {
  readonly call: Call;
  readonly encounterId: EncounterId;
  readonly onClose: () => void;
}

const QR_PX = 260;

/** Family or an interpreter scan a code beside the terminal; whoever came so can be put out again. */
export function CallPeopleDialog({ call, encounterId, onClose }: CallPeopleDialogProps) {
  const { t } = useTranslation('callPeople');
  const locale = useLocale();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [made, setMade] = useState<GuestLinkId | null>(null);
  const people = useQuery(query.callPeople.get.queryOptions({ input: { encounterId } }));
  useNotification('people:changed', () => refetchSoon(queryClient, query.callPeople.get.key()));
  const invite = useMutation(
    query.callPeople.inviteGuest.mutationOptions({
      onSuccess: async ({ guestLinkId }) => {
        await queryClient.invalidateQueries({ queryKey: query.callPeople.get.key() });
        setMade(guestLinkId);
      },
    }),
  );
  const link = people.data?.guests.find(({ guestLinkId }) => guestLinkId === made);
  const guests = call.state.participants.filter(({ guest }) => guest !== null);
  return (
    <Dialog title={t('guest.title')} onClose={onClose} testId="call-people">
      {link === undefined ? (
        <div className="t-dialog__actions">
          {GuestKind.options.map((kind) => (
            <button
              key={kind}
              type="button"
              className="t-secondary"
              disabled={invite.isPending}
              onClick={() => invite.mutate({ encounterId, kind })}
              data-testid={`invite-${kind}`}
            >
              {t(`guest.${kind}`)}
            </button>
          ))}
        </div>
      ) : link.link === null ? (
        <p role="status">{t('guest.opened', { kind: t(`guest.${link.kind}`) })}</p>
      ) : (
        <div className="t-people__code">
          <p>{t('guest.scanOnly')}</p>
          <QrCode text={link.link} label={t('guest.qr')} className="t-people__qr" size={QR_PX} />
          <p className="t-hint">{t('guest.until', { time: formatTime(link.openUntil, locale) })}</p>
        </div>
      )}
      {invite.isError ? <ErrorNote error={invite.error} /> : null}
      {guests.length === 0 ? null : (
        <ul className="t-people">
          {guests.map(({ peerId, displayName, guest }) => (
            <li key={peerId}>
              <span>
                {displayName} · {t(`role.${guest ?? 'family'}`)}
              </span>
              <button
                type="button"
                className="t-secondary"
                // One that can't be told apart from success stays in the list.
                onClick={() => void call.actions.removeParticipant(peerId).catch(reportError)}
                aria-label={t('removeName', { name: displayName })}
              >
                {t('remove')}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
