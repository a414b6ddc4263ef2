import type { SelfTest } from '@cloud-hospital/protocol/rest';
import { useSignal } from '@cloud-hospital/call/react';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Fault, playChime, type Result, testCamera, testMicrophone, testNetwork } from './measure.ts';

export const TESTS = ['camera', 'microphone', 'network', 'speaker'] as const;
export type TestName = (typeof TESTS)[number];
export type TestState = { readonly outcome: 'running' } | { readonly outcome: 'waiting' } | Result;
type States = { readonly [Name in TestName]: TestState };

const AT_START: States = {
  camera: { outcome: 'running' },
  microphone: { outcome: 'running' },
  network: { outcome: 'running' },
  speaker: { outcome: 'waiting' },
};

const isSettled = ({ outcome }: TestState): boolean => outcome === 'passed' || outcome === 'failed';

type TestResult = Omit<SelfTest, 'detail'> & { readonly detail: { readonly [Name in TestName]?: Fault } };

/** What is kept. What nobody waited for counts as skipped. */
function resultOf(states: States): TestResult {
  const outcome = (state: TestState) =>
    state.outcome === 'passed' || state.outcome === 'failed' ? state.outcome : ('skipped' as const);
  const detail: { [Name in TestName]?: Fault } = {};
  for (const name of TESTS) {
    const state = states[name];
    if (state.outcome === 'failed') detail[name] = state.fault;
  }
  return {
    camera: outcome(states.camera),
    microphone: outcome(states.microphone),
    speaker: outcome(states.speaker),
    network: outcome(states.network),
    detail,
    ...('line' in states.network && states.network.line !== undefined ? { line: states.network.line } : {}),
  };
}

export interface SelfTestRun {
  readonly states: States;
  /** Root mean square of the microphone, 0–1. */
  readonly level: number;
  readonly chiming: boolean;
  readonly finished: boolean;
  readonly failures: number;
  readonly again: () => void;
  readonly chime: () => Promise<void>;
  readonly answer: (heard: boolean) => void;
  readonly result: TestResult;
}

/** Camera, microphone and network test themselves at once; the speaker needs somebody who hears it. */
export function useSelfTest(video: RefObject<HTMLVideoElement | null>): SelfTestRun {
  const signal = useSignal();
  const [states, setStates] = useState(AT_START);
  const [level, setLevel] = useState(0);
  const [chiming, setChiming] = useState(false);
  const [round, setRound] = useState(0);
  const stream = useRef<MediaStream | null>(null);
  const set = useCallback(
    (name: TestName, state: TestState) => setStates((before) => ({ ...before, [name]: state })),
    [],
  );
  useEffect(() => {
    const over = new AbortController();
    const run = (name: TestName, test: Promise<Result>) => {
      test.then((result) => {
        if (!over.signal.aborted) set(name, result);
      }, reportError);
    };
    const stop = () => {
      for (const track of stream.current?.getTracks() ?? []) track.stop();
      stream.current = null;
    };
    if (video.current !== null) {
      const onStream = (opened: MediaStream) => {
        stream.current = opened;
        if (over.signal.aborted) stop();
      };
      run('camera', testCamera(video.current, onStream));
    }
    run(
      'microphone',
      testMicrophone(setLevel, over.signal).finally(() => setLevel(0)),
    );
    run('network', testNetwork(signal));
    return () => {
      over.abort();
      stop();
    };
  }, [signal, round, set, video]);

  return {
    states,
    level,
    chiming,
    finished: TESTS.every((name) => isSettled(states[name])),
    failures: TESTS.filter((name) => states[name].outcome === 'failed').length,
    again: () => {
      setStates(AT_START);
      setRound((before) => before + 1);
    },
    chime: async () => {
      setChiming(true);
      await playChime();
      setChiming(false);
      set('speaker', { outcome: 'running' });
    },
    answer: (heard) => set('speaker', heard ? { outcome: 'passed' } : { outcome: 'failed', fault: 'not-heard' }),
    result: useMemo(() => resultOf(states), [states]),
  };
}
