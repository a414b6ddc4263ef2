import type { InvitationId } from '@cloud-hospital/protocol';
import type { CallPeople, Invitation } from '@cloud-hospital/protocol/rest';
import { App } from 'antd';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** Says in a corner, once, how whoever was asked answered: the panel may be closed. */
export function useAnswers(people: CallPeople | undefined): void {
  const { t } = useTranslation('callPeople');
  const { notification } = App.useApp();
  const ringing = useRef<ReadonlySet<InvitationId>>(new Set());
  const say = useEffectEvent(({ invitationId, state, colleague: { name } }: Invitation) => {
    if (state !== 'accepted' && state !== 'declined' && state !== 'unanswered') return;
    notification.info({ title: t(`invitation.${state}`, { name }), placement: 'bottomLeft', key: invitationId });
  });
  useEffect(() => {
    if (people === undefined) return;
    const rang = ringing.current;
    for (const invitation of people.invitations) {
      if (invitation.state !== 'ringing' && rang.has(invitation.invitationId)) say(invitation);
    }
    ringing.current = new Set(
      people.invitations.filter(({ state }) => state === 'ringing').map(({ invitationId }) => invitationId),
    );
  }, [people]);
}
