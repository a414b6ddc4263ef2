import { levelOf, type Participant, type QualityLevel, streamsOf } from '@cloud-hospital/call';
import type { Call } from '@cloud-hospital/call/react';
import type { EncounterId, GuestLinkId } from '@cloud-hospital/protocol';
import type { CallPeople, GuestLink, Invitation } from '@cloud-hospital/protocol/rest';
import { formatTime } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { Hospital, Languages, Link2, PhoneOutgoing, Stethoscope, User, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';
import { useSignedIn } from '../../layout/useSignedIn.ts';

interface PeopleListProps {
  readonly call: Call;
  readonly encounterId: EncounterId;
  readonly people: CallPeople | undefined;
  readonly decides: boolean;
  readonly onShow: (linkId: GuestLinkId) => void;
}

/** Who is here, as what, how one hears them; and who is on the way. */
export function PeopleList({ call, encounterId, people, decides, onShow }: PeopleListProps) {
  const { t } = useTranslation('callPeople');
  const connection = useConnectionWord();
  const session = useSignedIn();
  const { participants } = call.state;
  const isIn = (name: string): boolean => participants.some(({ displayName }) => displayName === name);
  const invitations = (people?.invitations ?? []).filter(
    ({ state, colleague }) => !(state === 'accepted' && isIn(colleague.name)),
  );
  const links = (people?.guests ?? []).filter(({ name }) => name === null || !isIn(name));
  return (
    <>
      <h3 className="c-people__title">{t('title')}</h3>
      <ul className="c-people__list">
        <li className="c-people__row">
          <Stethoscope className="ch-icon" aria-hidden />
          <div>
            <p>
              {session.displayName} {t('you')}
            </p>
            <p className="c-people__role">
              {[
                t(decides ? 'role.responsible' : 'role.colleague'),
                connection(call.state.quality?.level ?? 'unknown'),
              ].join(' · ')}
            </p>
          </div>
        </li>
        {participants.map((participant) => (
          <Row key={participant.peerId} call={call} participant={participant} decides={decides} />
        ))}
        {invitations.map((invitation) => (
          <InvitationRow
            key={invitation.invitationId}
            encounterId={encounterId}
            invitation={invitation}
            decides={decides}
          />
        ))}
        {links.map((link) => (
          <LinkRow key={link.guestLinkId} encounterId={encounterId} link={link} decides={decides} onShow={onShow} />
        ))}
      </ul>
    </>
  );
}

/** How good a connection is, in words. */
function useConnectionWord(): (level: QualityLevel) => string {
  const { t } = useTranslation(['callPeople', 'call']);
  return (level) => t('connection', { level: t(`call:quality.${level}`) });
}

const ICONS = {
  terminal: Hospital,
  resident: User,
  specialist: Stethoscope,
  colleague: Stethoscope,
  family: User,
  interpreter: Languages,
} as const;

const roleOf = ({ role, guest }: Participant, decides: boolean) =>
  guest ?? (role === 'specialist' ? (decides ? 'colleague' : 'specialist') : role === 'resident' ? role : 'terminal');

function Row({
  call,
  participant,
  decides,
}: {
  readonly call: Call;
  readonly participant: Participant;
  readonly decides: boolean;
}) {
  const { t } = useTranslation('callPeople');
  const connection = useConnectionWord();
  const { modal } = App.useApp();
  const showError = useShowError();
  const { peerId, displayName, connected, quality } = participant;
  const streams = streamsOf(call.state, peerId);
  const role = roleOf(participant, decides);
  const Icon = ICONS[role];
  const notes = !connected
    ? [t('away')]
    : [
        connection(quality === null ? 'unknown' : levelOf(quality)),
        ...(streams.some(({ source, paused }) => source === 'microphone' && paused) ? [t('muted')] : []),
        ...(streams.some(({ kind, paused }) => kind === 'video' && !paused) || call.state.hold ? [] : [t('noPicture')]),
      ];
  const remove = (): void => {
    modal.confirm({
      title: t('removeTitle', { name: displayName }),
      content: t('removeBody'),
      okText: t('remove'),
      okButtonProps: { danger: true },
      cancelText: t('cancel'),
      onOk: () => call.actions.removeParticipant(peerId).catch(showError),
    });
  };
  return (
    <li className="c-people__row" data-testid="participant" data-role={role}>
      <Icon className="ch-icon" aria-hidden />
      <div>
        <p>{displayName}</p>
        <p className="c-people__role">{[t(`role.${role}`), ...notes].join(' · ')}</p>
      </div>
      {decides && role !== 'terminal' && role !== 'resident' ? (
        <Button size="small" danger onClick={remove} aria-label={t('removeName', { name: displayName })}>
          {t('remove')}
        </Button>
      ) : null}
    </li>
  );
}

function InvitationRow({
  encounterId,
  invitation,
  decides,
}: {
  readonly encounterId: EncounterId;
  readonly invitation: Invitation;
  readonly decides: boolean;
}) {
  const { t } = useTranslation('callPeople');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const { invitationId, state, purpose, colleague } = invitation;
  const withdraw = useMutation(
    query.callPeople.withdrawInvitation.mutationOptions({
      onError: showError,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.callPeople.get.key() }),
    }),
  );
  const { name } = colleague;
  const text =
    state === 'ringing'
      ? t(purpose === 'transfer' ? 'invitation.transferRinging' : 'invitation.ringing', { name })
      : state === 'accepted' || state === 'declined' || state === 'unanswered'
        ? t(`invitation.${state}`, { name })
        : name;
  return (
    <li className="c-people__row" data-testid="invitation" data-state={state}>
      <PhoneOutgoing className="ch-icon" aria-hidden />
      <p role="status">{text}</p>
      {decides && state === 'ringing' ? (
        <Button
          size="small"
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate({ encounterId, invitationId })}
        >
          {t('invitation.withdraw')}
        </Button>
      ) : null}
    </li>
  );
}

function LinkRow({
  encounterId,
  link,
  decides,
  onShow,
}: {
  readonly encounterId: EncounterId;
  readonly link: GuestLink;
  readonly decides: boolean;
  readonly onShow: (linkId: GuestLinkId) => void;
}) {
  const { t } = useTranslation('callPeople');
  const locale = useLocale();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const { guestLinkId, kind, openedAt, openUntil } = link;
  const withdraw = useMutation(
    query.callPeople.withdrawGuest.mutationOptions({
      onError: showError,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.callPeople.get.key() }),
    }),
  );
  const Icon = openedAt === null ? Link2 : Users;
  return (
    <li className="c-people__row" data-testid="guest-link" data-opened={openedAt !== null}>
      <Icon className="ch-icon" aria-hidden />
      <div>
        <p role="status">{t(openedAt === null ? 'guest.waiting' : 'guest.opened', { kind: t(`guest.${kind}`) })}</p>
        {openedAt === null ? (
          <p className="c-people__role">{t('guest.until', { time: formatTime(openUntil, locale) })}</p>
        ) : null}
      </div>
      {link.link === null || !decides ? null : (
        <Button size="small" onClick={() => onShow(guestLinkId)}>
          {t('guest.show')}
        </Button>
      )}
      {decides ? (
        <Button size="small" loading={withdraw.isPending} onClick={() => withdraw.mutate({ encounterId, guestLinkId })}>
          {t('guest.withdraw')}
        </Button>
      ) : null}
    </li>
  );
}
