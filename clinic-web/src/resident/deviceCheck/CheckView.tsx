import { CircleCheck, CircleDashed, CircleX, LoaderCircle, RotateCcw } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type SelfTestRun, TESTS, type TestName, type TestState, useSelfTest } from '../../selfTest/useSelfTest.ts';
import './deviceCheck.css';

const ICON = { passed: CircleCheck, failed: CircleX, running: LoaderCircle, waiting: CircleDashed } as const;
/** Speech rarely fills more than a third of the scale. */
const LEVEL_SCALE = 3;

interface CheckViewProps {
  /** What follows from the result, where all passed and where not. */
  readonly hints: { readonly good: string; readonly failed: string };
  /** Told each time all four have an outcome. */
  readonly onFinished?: (result: SelfTestRun['result']) => void;
  /** Whether the result has arrived where it is kept. */
  readonly kept?: boolean;
  /** The way on, always in sight; null: none yet. */
  readonly children: (finished: boolean) => ReactNode;
}

/** The four tests of a phone as they go, and what to do where one fails. */
export function CheckView({ hints, onFinished, kept, children }: CheckViewProps) {
  const { t } = useTranslation('deviceCheck');
  const video = useRef<HTMLVideoElement>(null);
  const meter = useRef<HTMLSpanElement>(null);
  const test = useSelfTest(video);
  const { states, finished, failures, level, result } = test;
  useEffect(() => {
    if (finished) onFinished?.(result);
  }, [finished, onFinished, result]);
  useEffect(() => {
    meter.current?.style.setProperty('--level', String(Math.min(1, level * LEVEL_SCALE)));
  }, [level]);
  const wayOn = children(finished);
  return (
    <section className="r-stack" aria-label={t('title')} data-testid="device-check" data-finished={finished}>
      <div className="k-picture">
        <video ref={video} playsInline muted aria-label={t('picture')} />
        <span className="k-meter" role="img" aria-label={t('level')}>
          <span className="k-meter__bar" ref={meter} />
        </span>
      </div>
      {states.microphone.outcome === 'running' ? (
        <p className="k-say" role="status">
          {t('say')}
        </p>
      ) : null}
      <ul className="r-card k-lines">
        {TESTS.map((name) => (
          <li key={name} data-outcome={states[name].outcome} data-testid={`check-${name}`}>
            <CheckLine name={name} state={states[name]} />
            {name === 'speaker' ? <SpeakerQuestion test={test} /> : null}
          </li>
        ))}
      </ul>
      {finished ? (
        <div
          className={`ch-note ${failures === 0 ? 'ch-note--good' : 'ch-note--attention'}`}
          role="status"
          data-testid="check-verdict"
          data-failures={failures}
          data-kept={kept}
        >
          <div className="ch-note__body">
            <p className="ch-note__title">{failures === 0 ? t('allGood') : t('someFailed', { count: failures })}</p>
            <p>{failures === 0 ? hints.good : hints.failed}</p>
          </div>
        </div>
      ) : null}
      <button type="button" className="r-secondary r-wide" onClick={test.again} data-testid="check-again">
        <RotateCcw className="ch-icon" aria-hidden />
        {t('again')}
      </button>
      {wayOn === null ? null : <div className="r-bar">{wayOn}</div>}
    </section>
  );
}

function CheckLine({ name, state }: { readonly name: TestName; readonly state: TestState }) {
  const { t } = useTranslation('deviceCheck');
  const Icon = ICON[state.outcome];
  return (
    <>
      <p className="k-line">
        <strong>{t(`part.${name}`)}</strong>
        <span className="k-outcome">
          <Icon
            className={`ch-icon ${state.outcome === 'running' && name !== 'speaker' ? 'ch-spin' : ''}`}
            aria-hidden
          />
          {name === 'speaker' && state.outcome === 'running' ? t('asking') : t(`outcome.${state.outcome}`)}
        </span>
      </p>
      {state.outcome === 'failed' ? <p className="k-hint">{t(`hint.${state.fault}`)}</p> : null}
    </>
  );
}

function SpeakerQuestion({ test }: { readonly test: SelfTestRun }) {
  const { t } = useTranslation('deviceCheck');
  const { outcome } = test.states.speaker;
  if (outcome === 'passed') return null;
  return (
    <div className="k-question">
      {outcome === 'running' ? (
        <>
          <p>{t('didYouHear')}</p>
          <button type="button" className="r-secondary" onClick={() => test.answer(true)} data-testid="check-heard">
            {t('heard')}
          </button>
          <button
            type="button"
            className="r-secondary"
            onClick={() => test.answer(false)}
            data-testid="check-not-heard"
          >
            {t('notHeard')}
          </button>
        </>
      ) : null}
      <button
        type="button"
        className={outcome === 'running' ? 'r-plain' : 'r-secondary'}
        onClick={() => void test.chime()}
        disabled={test.chiming}
        data-testid="check-chime"
      >
        {t(outcome === 'waiting' ? 'play' : 'playAgain')}
      </button>
    </div>
  );
}
