import type { Call } from '@cloud-hospital/call/react';
import type { EncounterId, GuestLinkId } from '@cloud-hospital/protocol';
import type { InvitationPurpose } from '@cloud-hospital/protocol/states';
import { Button, Popover } from 'antd';
import { ArrowRightLeft, Pause, Play, QrCode, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';
import { ColleagueDialog } from './ColleagueDialog.tsx';
import { GuestDialog } from './GuestDialog.tsx';
import { PeopleList } from './PeopleList.tsx';
import { useAnswers } from './useAnswers.ts';
import { usePeople } from './usePeople.ts';

interface PeopleControlProps {
  readonly call: Call;
  readonly encounterId: EncounterId;
  /** Otherwise only looks, as an invited colleague does. */
  readonly decides: boolean;
  /** The resident is at their own phone. */
  readonly byPhone?: boolean;
}

type Asking =
  | { readonly what: InvitationPurpose }
  /** A link made before, to show its code again; null: a new one. */
  | { readonly what: 'guest'; readonly linkId: GuestLinkId | null };

/** Who is in the call, behind one button; and all that can be done about it. */
export function PeopleControl({ call, encounterId, decides, byPhone = false }: PeopleControlProps) {
  const { t } = useTranslation('callPeople');
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const people = usePeople(encounterId);
  useAnswers(people.data);
  const ask = (next: Asking): void => {
    setOpen(false);
    setAsking(next);
  };
  const close = (): void => setAsking(null);
  const count = call.state.participants.length + 1;
  return (
    <>
      <Popover
        trigger="click"
        placement="topRight"
        open={open}
        onOpenChange={setOpen}
        classNames={{ root: 'c-people' }}
        // A panel that is still leaving stands above the dialog it opened, for the component library: Escape would go to it.
        motion={{ motionName: '' }}
        content={
          <section aria-label={t('title')} data-testid="people">
            <PeopleList
              call={call}
              encounterId={encounterId}
              people={people.data}
              decides={decides}
              onShow={(linkId) => ask({ what: 'guest', linkId })}
            />
            {decides ? (
              <div className="c-people__actions">
                <Button
                  icon={<UserPlus className="ch-icon" aria-hidden />}
                  onClick={() => ask({ what: 'consult' })}
                  data-testid="invite-colleague"
                >
                  {t('inviteColleague')}
                </Button>
                <Button
                  icon={<QrCode className="ch-icon" aria-hidden />}
                  onClick={() => ask({ what: 'guest', linkId: null })}
                  data-testid="invite-guest"
                >
                  {t('inviteGuest')}
                </Button>
                <HoldButton call={call} />
                <Button
                  icon={<ArrowRightLeft className="ch-icon" aria-hidden />}
                  onClick={() => ask({ what: 'transfer' })}
                  data-testid="transfer-call"
                >
                  {t('transfer')}
                </Button>
              </div>
            ) : null}
          </section>
        }
      >
        <Button
          className="c-devices__open c-people__open"
          icon={<Users className="ch-icon" aria-hidden />}
          data-testid="people-open"
        >
          {t('open', { count })}
        </Button>
      </Popover>
      {asking?.what === 'guest' ? (
        <GuestDialog encounterId={encounterId} people={people.data} linkId={asking.linkId} onClose={close} />
      ) : null}
      {asking?.what === 'consult' || asking?.what === 'transfer' ? (
        <ColleagueDialog encounterId={encounterId} purpose={asking.what} byPhone={byPhone} onClose={close} />
      ) : null}
    </>
  );
}

/** Acknowledged means that nothing passes any more, or again. */
export function HoldButton({ call }: { readonly call: Call }) {
  const { t } = useTranslation('callPeople');
  const showError = useShowError();
  const [pending, setPending] = useState(false);
  const { hold } = call.state;
  const press = (): void => {
    setPending(true);
    void call.actions
      .setHold(!hold)
      .catch(showError)
      .finally(() => setPending(false));
  };
  const Icon = hold ? Play : Pause;
  return (
    <Button
      icon={<Icon className="ch-icon" aria-hidden />}
      type={hold ? 'primary' : 'default'}
      loading={pending}
      onClick={press}
      data-testid={hold ? 'resume' : 'hold'}
    >
      {t(hold ? 'resume' : 'hold')}
    </Button>
  );
}
