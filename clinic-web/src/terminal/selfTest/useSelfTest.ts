import type { SelfTest } from '@cloud-hospital/protocol/rest';
import { useSignal } from '@cloud-hospital/call/react';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { playChime, type Result, testCamera, testMicrophone, testNetwork } from './measure.ts';

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

/** What goes to the board. What nobody waited for counts as skipped. */
export function reportOf(states: States): SelfTest {
  const outcome = (state: TestState) =>
    state.outcome === 'passed' || state.outcome === 'failed' ? state.outcome : ('skipped' as const);
  const faults = TESTS.flatMap((name) => {
    const state = states[name];
    return state.outcome === 'failed' ? [[name, state.fault] as const] : [];
  });
  return {
    camera: outcome(states.camera),
    microphone: outcome(states.microphone),
    speaker: outcome(states.speaker),
    network: outcome(states.network),
    detail: Object.fromEntries(faults),
    ...('line' in states.network && states.network.line !== undefined ? { line: states.network.line } : {}),
  };
}

interface SelfTestRun {
  readonly states: States;
  /** Root mean square of the microphone, 0–1. */
  readonly level: number;
  readonly chiming: boolean;
  readonly finished: boolean;
  readonly failures: number;
  readonly again: () => void;
  readonly chime: () => Promise<void>;
  readonly answer: (heard: boolean) => void;
  readonly report: () => void;
  readonly reported: boolean;
}

/** Camera, microphone and network test themselves at once; the speaker needs somebody who hears it. */
export function useSelfTest(video: RefObject<HTMLVideoElement | null>): SelfTestRun {
  const { query } = useApi();
  const signal = useSignal();
  const queryClient = useQueryClient();
  const [states, setStates] = useState(AT_START);
  const [level, setLevel] = useState(0);
  const [chiming, setChiming] = useState(false);
  const [round, setRound] = useState(0);
  const stream = useRef<MediaStream | null>(null);
  const set = useCallback(
    (name: TestName, state: TestState) => setStates((before) => ({ ...before, [name]: state })),
    [],
  );
  const report = useMutation(
    query.terminals.reportSelfTest.mutationOptions({
      onSuccess: (terminal) => queryClient.setQueryData(query.terminals.self.queryKey(), terminal),
    }),
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

  const { mutate } = report;
  return {
    states,
    level,
    chiming,
    finished: TESTS.every((name) => isSettled(states[name])),
    failures: TESTS.filter((name) => states[name].outcome === 'failed').length,
    again: () => {
      report.reset();
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
    report: useCallback(() => mutate(reportOf(states)), [mutate, states]),
    reported: report.isSuccess,
  };
}
