import { Phone, TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallProblem, CallState } from '../callState.types.ts';
import { AutoplayUnblocker } from './AutoplayUnblocker.tsx';
import { HoldScreen } from './HoldScreen.tsx';
import { PeerQuality, QualityIndicator } from './QualityIndicator.tsx';
import { RecordingMark } from './RecordingMark.tsx';
import { SelfView } from './SelfView.tsx';
import { callAdvice, callSentence } from './sentence.ts';
import { FreezeButton } from './stage/FreezeButton.tsx';
import { SharingBar } from './stage/SharingBar.tsx';
import { Tiles } from './stage/Tiles.tsx';
import { arrange } from './stage/tiles.ts';
import type { FullScreen } from './stage/useFullScreen.ts';
import type { Call, ScreenFreeze } from './types.ts';

interface StagePhone {
  readonly name: string;
  readonly number: string;
  /** This device is a telephone itself: a touch calls. */
  readonly dials?: boolean;
}

interface CallStageProps {
  readonly call: Call;
  /** `terminal`: the state is legible from two metres. `console`: dense. */
  readonly size: 'terminal' | 'console';
  readonly showSelf?: boolean;
  /** Drawn over the stage, e.g. the patient's name or a clock. */
  readonly children?: ReactNode;
  /** Where a shared screen can be made a still to draw on; its buttons then. */
  readonly freeze?: ScreenFreeze;
  /** Where the page can fill the screen; its button then. */
  readonly fullScreen?: FullScreen;
  /** More StageTools at the edge of the large picture. */
  readonly tools?: ReactNode;
  /** Keys P (pin the next), I (small window) and F (full screen). */
  readonly bindShortcuts?: boolean;
  /** The last rung: whom to call when nothing comes back. */
  readonly phone?: StagePhone | undefined;
}

/** Pressing "try again" helps with these; the others heal by themselves. */
const RETRYABLE: ReadonlySet<CallProblem['code']> = new Set([
  'microphone-denied',
  'microphone-busy',
  'camera-denied',
  'camera-busy',
  'examination-denied',
  'examination-busy',
]);
/** Said elsewhere: by the sentence, by the unblocking button. */
const SAID_ELSEWHERE: ReadonlySet<CallProblem['code']> = new Set(['media-lost', 'autoplay-blocked']);

/**
 * The dark stage: one of the others fills it, the rest and the own picture are small, the state stands in one sentence
 * above.
 */
export function CallStage(props: CallStageProps) {
  const { call, size, showSelf = true, children, freeze, phone } = props;
  const { t } = useTranslation('call');
  const { state } = call;
  const [pinned, setPinned] = useState<string | null>(null);
  const { tiles, main } = arrange(state, pinned);
  const showsOthers = state.phase === 'connecting' || state.phase === 'connected' || state.phase === 'reconnecting';
  const advice = callAdvice(t, state);
  const isMany = tiles.length > 1;
  const self = showSelf && state.phase !== 'ended' && state.camera.status !== 'off' ? <SelfView call={call} /> : null;
  return (
    <section className="ch-call-stage" data-size={size} data-phase={state.phase} aria-label={t('stage.label')}>
      <Tiles
        {...props}
        tiles={tiles}
        main={main}
        pinned={pinned}
        onPin={setPinned}
        showsOthers={showsOthers}
        self={self}
      />
      <HoldScreen state={state} />
      <header className="ch-call-head">
        <div role="status">
          <p className="ch-call-sentence">{callSentence(t, state)}</p>
          {advice !== null && <p className="ch-call-advice">{advice}</p>}
        </div>
        <RecordingMark recording={state.recording} />
        {showsOthers && (
          <div className="ch-call-qualities">
            {main !== null && (
              <PeerQuality
                key={main.participant.peerId}
                participant={main.participant}
                named={state.participants.length > 1}
              />
            )}
            <QualityIndicator call={call} />
          </div>
        )}
      </header>
      <SharingBar call={call}>
        {freeze !== undefined && (
          <FreezeButton freeze={freeze} screen={() => call.media.localStream('screen')?.getVideoTracks()[0] ?? null} />
        )}
      </SharingBar>
      <Problems call={call} />
      {!(isMany && showsOthers) && self}
      {children}
      {phone !== undefined && phone.number !== '' && <PhoneRung key={state.phase} state={state} phone={phone} />}
      <AutoplayUnblocker call={call} />
    </section>
  );
}

/** Picture and sound have been away so long that waiting is no longer all there is to do; milliseconds. */
const PHONE_AFTER_MS = 25_000;

function PhoneRung({
  state,
  phone,
}: {
  readonly state: CallState;
  readonly phone: NonNullable<CallStageProps['phone']>;
}) {
  const { t } = useTranslation('call');
  const [due, setDue] = useState(false);
  const isAway = state.phase === 'reconnecting';
  useEffect(() => {
    if (!isAway) return undefined;
    const timer = setTimeout(() => setDue(true), PHONE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isAway]);
  if (!isAway || !due) return null;
  return (
    <div className="ch-call-phone" role="alert">
      <Phone aria-hidden size="2em" />
      <p className="ch-call-phone-title">{t('phone.title')}</p>
      <p className="ch-call-phone-name">{phone.name}</p>
      {phone.dials === true ? (
        <a className="ch-call-phone-number ch-call-phone-dial" href={`tel:${phone.number}`}>
          {t('phone.dial', { phone: phone.number })}
        </a>
      ) : (
        <p className="ch-call-phone-number">{phone.number}</p>
      )}
      <p>{t('phone.body')}</p>
    </div>
  );
}

function Problems({ call }: { readonly call: Call }) {
  const { t } = useTranslation('call');
  const problems = call.state.problems.filter(({ code }) => !SAID_ELSEWHERE.has(code));
  if (problems.length === 0) return null;
  return (
    <div className="ch-call-problems" role="alert">
      {problems.map(({ code }) => (
        <div key={code} className="ch-call-problem">
          <TriangleAlert aria-hidden size="1.4em" />
          <div>
            <p className="ch-call-problem-title">{t(`problem.${code}.title`)}</p>
            <p>{t(`problem.${code}.advice`)}</p>
          </div>
          {RETRYABLE.has(code) && (
            <button type="button" className="ch-call-retry" onClick={() => void call.actions.retryDevices()}>
              {t('control.retry')}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
