import type { LineFigures } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  ArrowRight,
  Camera,
  CircleCheck,
  CircleDashed,
  CircleX,
  LoaderCircle,
  Mic,
  RotateCcw,
  Volume2,
  Wifi,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../layout/TopBar.tsx';
import { type SelfTestRun, TESTS, type TestName, type TestState, useSelfTest } from '../../selfTest/useSelfTest.ts';

const ICON = { camera: Camera, microphone: Mic, speaker: Volume2, network: Wifi } as const;
/** Speech rarely fills more than a third of the scale. */
const LEVEL_SCALE = 3;

/** Before the first patient: camera, microphone, speaker, network; green or red, with what to do. */
export function SelfTestPage({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('terminal');
  const video = useRef<HTMLVideoElement>(null);
  const meter = useRef<HTMLSpanElement>(null);
  const test = useSelfTest(video);
  const { states, finished, failures, level, result } = test;
  const { mutate, reset, isSuccess } = useReport();
  useEffect(() => {
    if (finished) mutate(result);
  }, [finished, mutate, result]);
  useEffect(() => {
    meter.current?.style.setProperty('--level', String(Math.min(1, level * LEVEL_SCALE)));
  }, [level]);
  const isListening = states.microphone.outcome === 'running';
  return (
    <div className="t-work" data-testid="self-test-page" data-finished={finished}>
      <TopBar />
      <main className="t-test">
        <div className="t-test__left">
          <div className="t-heading">
            <h1 className="t-title">{t('selfTest.title')}</h1>
            <p className="t-lead">{t('selfTest.lead')}</p>
          </div>
          <div className="t-test__picture">
            <video ref={video} playsInline muted aria-label={t('selfTest.picture')} />
          </div>
          <div className="t-test__meter">
            <Mic className="ch-icon" aria-hidden />
            <span className="t-meter" role="img" aria-label={t('selfTest.level')}>
              <span className="t-meter__bar" ref={meter} />
            </span>
          </div>
          <p className="t-test__say" role="status">
            {isListening ? t('selfTest.say') : ''}
          </p>
        </div>
        <div className="t-test__right">
          <ul className="t-test__lines">
            {TESTS.map((name) => (
              <li key={name} className="t-test__line" data-outcome={states[name].outcome} data-testid={`test-${name}`}>
                <TestLine name={name} state={states[name]} />
                {name === 'speaker' ? <SpeakerQuestion test={test} /> : null}
              </li>
            ))}
          </ul>
          {finished ? (
            <p className="t-test__verdict" data-good={failures === 0} role="status" data-testid="self-test-verdict">
              {failures === 0 ? t('selfTest.allGood') : t('selfTest.someFailed', { count: failures })}{' '}
              {isSuccess ? t('selfTest.saved') : ''}
            </p>
          ) : (
            <p className="t-hint">{t('selfTest.goesOn')}</p>
          )}
          <div className="t-task__foot">
            <button
              type="button"
              className="t-secondary"
              onClick={() => {
                reset();
                test.again();
              }}
              data-testid="self-test-again"
            >
              <RotateCcw className="ch-icon" aria-hidden />
              {t('selfTest.again')}
            </button>
            <button
              type="button"
              className={finished ? 't-primary' : 't-secondary'}
              onClick={() => {
                if (!finished) mutate(result);
                onDone();
              }}
              data-testid="self-test-done"
            >
              {t(finished ? 'selfTest.start' : 'selfTest.skip')}
              <ArrowRight className="ch-icon" aria-hidden />
            </button>
          </div>
        </div>
      </main>
    </div>
  );
}

/** Tells the district's board. */
function useReport() {
  const { query } = useApi();
  const queryClient = useQueryClient();
  return useMutation(
    query.terminals.reportSelfTest.mutationOptions({
      onSuccess: (terminal) => queryClient.setQueryData(query.terminals.self.queryKey(), terminal),
    }),
  );
}

const lineText = ({ roundTripMs, lossRate, upKbps, downKbps }: LineFigures) => ({
  roundTrip: roundTripMs,
  loss: (lossRate * 100).toFixed(1),
  up: upKbps,
  down: downKbps,
});

function TestLine({ name, state }: { readonly name: TestName; readonly state: TestState }) {
  const { t } = useTranslation('terminal');
  const Icon = ICON[name];
  return (
    <>
      <Icon className="t-test__icon" aria-hidden />
      <p className="t-test__name">{t(`selfTest.${name}`)}</p>
      <p className="t-test__outcome">
        {state.outcome === 'passed' ? <CircleCheck className="ch-icon" aria-hidden /> : null}
        {state.outcome === 'failed' ? <CircleX className="ch-icon" aria-hidden /> : null}
        {state.outcome === 'running' ? <LoaderCircle className="ch-icon ch-spin" aria-hidden /> : null}
        {state.outcome === 'waiting' ? <CircleDashed className="ch-icon" aria-hidden /> : null}
        {name === 'speaker' && state.outcome === 'running' ? t('selfTest.asking') : t(`selfTest.${state.outcome}`)}
      </p>
      {'line' in state && state.line !== undefined ? (
        <p className="t-test__figures">{t('selfTest.line', lineText(state.line))}</p>
      ) : null}
      {state.outcome === 'failed' ? <p className="t-test__hint">{t(`selfTest.hint.${state.fault}`)}</p> : null}
    </>
  );
}

function SpeakerQuestion({ test }: { readonly test: SelfTestRun }) {
  const { t } = useTranslation('terminal');
  const { outcome } = test.states.speaker;
  const isAsked = outcome === 'running';
  return (
    <div className="t-test__question">
      {isAsked ? (
        <>
          <p>{t('selfTest.didYouHear')}</p>
          <button type="button" className="t-secondary" onClick={() => test.answer(true)} data-testid="heard">
            {t('selfTest.heard')}
          </button>
          <button type="button" className="t-secondary" onClick={() => test.answer(false)} data-testid="not-heard">
            {t('selfTest.notHeard')}
          </button>
        </>
      ) : null}
      {outcome === 'passed' ? null : (
        <button
          type="button"
          className={outcome === 'running' ? 't-plain' : 't-secondary'}
          onClick={() => void test.chime()}
          disabled={test.chiming}
          data-testid="play-chime"
        >
          {t(outcome === 'waiting' ? 'selfTest.play' : 'selfTest.playAgain')}
        </button>
      )}
    </div>
  );
}
