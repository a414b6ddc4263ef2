import {
  type Call,
  CallControlButton,
  CallControls,
  CallStage,
  type IncomingCall,
  RingingScreen,
  useCall,
  useDevices,
  useIncomingCall,
} from '@cloud-hospital/call/react';
import {
  ChatPanel,
  ExchangeButtons,
  MessageCaption,
  MessagesPane,
  OpenedPicture,
  StillPreview,
  useCallExchange,
} from '@cloud-hospital/call/exchange';
import type { EncounterId } from '@cloud-hospital/protocol';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import { serverClock } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useMutation } from '@tanstack/react-query';
import { CircleStop, SwitchCamera } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhoneVisitProps } from './PhoneVisitProps.ts';

/** So many at the head of a queue may be called at any moment: the line is up before it rings. */
const NEAR = 2;
/** How long a ring whose end isn't known is shown; the server ends it earlier. Milliseconds. */
const RING_MS = 60_000;

interface PhoneCallProps extends PhoneVisitProps {
  readonly onOver: (reason: CallEndReason) => void;
}

/** One call from being prepared to its end, over the page while it rings or is on. */
export function PhoneCall({ place, appointment, onOver }: PhoneCallProps) {
  const { encounterId, state, position } = place;
  const rung = useIncomingCall();
  const missed = useMissedRing(rung === null ? { place, appointment } : null);
  const incoming = rung?.encounterId === encounterId ? rung : missed;
  const isNear = state !== 'waiting' || (appointment.phone.ready && (position ?? NEAR + 1) <= NEAR);
  const [wasLive, setWasLive] = useState(false);
  const wanted = isNear || wasLive || incoming !== null;
  const call = useCall({
    encounterId: wanted ? encounterId : null,
    role: 'resident',
    incoming,
    autoStart: true,
    onEnded: onOver,
  });
  const { phase } = call.state;
  const isLive = phase === 'connecting' || phase === 'connected' || phase === 'reconnecting';
  if (isLive && !wasLive) setWasLive(true);
  const rings = phase === 'ringing' && incoming !== null;
  useBuzz(rings);
  if (rings) {
    return (
      <div className="p-ring" data-testid="ringing">
        <RingingScreen call={call} incoming={incoming} alone />
      </div>
    );
  }
  return isLive ? <OnCall call={call} encounterId={encounterId} appointment={appointment} /> : null;
}

/** The place says "called", but the ring itself was missed: the page was loaded anew, or the socket was away. */
function useMissedRing(visit: PhoneVisitProps | null): IncomingCall | null {
  const isCalled = visit?.place.state === 'called';
  const { specialist, patient } = visit?.appointment ?? {};
  const { encounterId, ticketNumber, specialistName, departmentName } = visit?.place ?? {};
  return useMemo(
    () =>
      !isCalled || encounterId === undefined || departmentName === undefined
        ? null
        : {
            encounterId,
            specialistName: specialistName ?? '',
            specialistTitle: specialist?.title ?? { zh: '', en: '' },
            departmentName,
            patientName: patient?.name ?? '',
            ticketNumber: ticketNumber ?? '',
            autoAnswerSeconds: null,
            ringingUntil: new Date(serverClock.now() + RING_MS).toISOString(),
          },
    [isCalled, encounterId, specialistName, specialist?.title, departmentName, patient?.name, ticketNumber],
  );
}

/** Shaken with each period of the tone. Milliseconds. */
const BUZZ = [500, 250, 500];
const BUZZ_EVERY_MS = 2_200;

/** The phone shakes, where it can, and the tab says so: the page may lie behind others. */
function useBuzz(on: boolean): void {
  const { t } = useTranslation('phoneVisit');
  const title = t('ringTitle');
  useEffect(() => {
    if (!on) return undefined;
    const before = document.title;
    document.title = title;
    // Not in every browser, Safari for one.
    const buzz = (): void => void ('vibrate' in navigator && navigator.vibrate(BUZZ));
    buzz();
    const timer = setInterval(buzz, BUZZ_EVERY_MS);
    return () => {
      clearInterval(timer);
      if ('vibrate' in navigator) navigator.vibrate(0);
      document.title = before;
    };
  }, [on, title]);
}

interface OnCallProps {
  readonly call: Call;
  readonly encounterId: EncounterId;
  readonly appointment: PhoneVisitProps['appointment'];
}

/** The specialist above; below it six controls, or the messages in their place. */
function OnCall({ call, encounterId, appointment }: OnCallProps) {
  const { t } = useTranslation(['phoneVisit', 'call', 'exchange']);
  const exchange = useCallExchange(encounterId, call, 'resident');
  const { unread, isOpen, toggle, viewing, view } = exchange;
  const newest = unread.at(-1);
  const phrases = (['yes', 'wait', 'unclear'] as const).map((phrase) => t(`exchange:phrases.clinic.${phrase}`));
  const [leaving, setLeaving] = useState(false);
  const { clinic } = appointment;
  const pick = usePick();
  return (
    <section
      className="g-call p-call"
      aria-label={t('title')}
      data-testid="phone-call"
      data-phase={call.state.phase}
      data-messages={isOpen}
    >
      <CallStage
        call={call}
        size="console"
        phone={clinic === null ? undefined : { name: pick(clinic.name), number: clinic.phone, dials: true }}
      >
        {call.state.recording === null ? null : <Withdraw encounterId={encounterId} />}
        {newest === undefined || isOpen ? null : <MessageCaption message={newest} onOpen={toggle} />}
      </CallStage>
      {isOpen ? (
        <MessagesPane onClose={toggle}>
          <ChatPanel
            encounterId={encounterId}
            side="resident"
            reader="specialist"
            size="compact"
            quickPhrases={phrases}
            onOpen={view}
          />
        </MessagesPane>
      ) : (
        <CallControls
          call={call}
          size="large"
          after={
            <>
              <SwitchButton call={call} />
              <ExchangeButtons exchange={exchange} />
            </>
          }
          onHangUp={() => setLeaving(true)}
        />
      )}
      <StillPreview exchange={exchange} />
      {viewing === null ? null : (
        <OpenedPicture encounterId={encounterId} attachmentId={viewing} onClose={() => view(null)} />
      )}
      {leaving ? (
        <LeaveDialog onStay={() => setLeaving(false)} onLeave={() => void call.actions.hangUp().catch(reportError)} />
      ) : null}
    </section>
  );
}

/** The next of the phone's cameras: front and back, as a rule. */
function SwitchButton({ call }: { readonly call: Call }) {
  const { t } = useTranslation('phoneVisit');
  const { camera } = call.state;
  const { cameras } = useDevices(camera.trackId);
  if (cameras.length < 2) return null;
  // Phones open one camera at a time: the one that runs is let go of first.
  const change = async (deviceId: string): Promise<void> => {
    await call.actions.setCamera(false);
    await call.actions.selectDevice('camera', deviceId);
    await call.actions.setCamera(true);
  };
  const next = cameras[(cameras.findIndex(({ deviceId }) => deviceId === camera.deviceId) + 1) % cameras.length];
  return (
    <CallControlButton
      icon={SwitchCamera}
      label={t('call.switch')}
      size="large"
      onPress={() => {
        if (next !== undefined) void change(next.deviceId).catch(reportError);
      }}
    />
  );
}

/** One touch ends the recording: no question is asked before. */
function Withdraw({ encounterId }: { readonly encounterId: EncounterId }) {
  const { t } = useTranslation('call');
  const { query } = useApi();
  const withdraw = useMutation(query.clinic.recordConsent.mutationOptions());
  return (
    <button
      type="button"
      className="p-withdraw"
      disabled={withdraw.isPending}
      onClick={() => withdraw.mutate({ encounterId, purpose: 'recording', decision: 'inactive', method: 'phone' })}
      data-testid="phone-withdraw-recording"
    >
      <CircleStop className="ch-icon" aria-hidden />
      {t('recording.withdraw')}
    </button>
  );
}

function LeaveDialog({ onStay, onLeave }: { readonly onStay: () => void; readonly onLeave: () => void }) {
  const { t } = useTranslation('phoneVisit');
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="g-dialog" aria-labelledby="p-leave" onCancel={onStay}>
      <h2 id="p-leave">{t('leave.title')}</h2>
      <p>{t('leave.body')}</p>
      <div className="g-dialog__actions">
        <button type="button" className="r-secondary" onClick={onStay}>
          {t('leave.stay')}
        </button>
        <button type="button" className="r-primary" onClick={onLeave} data-testid="phone-leave-sure">
          {t('leave.sure')}
        </button>
      </div>
    </dialog>
  );
}
