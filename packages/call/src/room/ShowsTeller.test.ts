import { EXPECTED_SHOWS, type PeerShows } from '@cloud-hospital/protocol/socket';
import { expect, test } from 'vitest';
import { ShowsTeller } from './ShowsTeller.ts';

/** A server that answers when it is told to. */
function server() {
  const heard: PeerShows[] = [];
  const answers: { answer: () => void; fail: (error: Error) => void }[] = [];
  const failures: unknown[] = [];
  const teller = new ShowsTeller<string>({
    isOpen: () => true,
    tell: (_session, shows) => {
      heard.push(shows);
      return new Promise<void>((resolve, reject) => answers.push({ answer: resolve, fail: reject }));
    },
    failed: (_session, error) => failures.push(error),
  });
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  return { heard, answers, failures, teller, settled };
}

test('what changes in one moment is one word, and the next one waits for its answer', async () => {
  const { heard, answers, teller, settled } = server();
  teller.set({ carries: 'stills' }, 'a');
  teller.set({ mode: 'stills' }, 'a');
  await settled();
  expect(heard).toEqual([{ ...EXPECTED_SHOWS, carries: 'stills', mode: 'stills' }]);
  teller.set({ carries: 'audio' }, 'a');
  teller.set({ carries: 'video', mode: 'video' }, 'a');
  await settled();
  expect(heard).toHaveLength(1);
  answers[0]?.answer();
  await settled();
  expect(heard.slice(1)).toEqual([EXPECTED_SHOWS]);
});

test('after a return it is told again, also that all is as expected once it was not', async () => {
  const { heard, answers, failures, teller, settled } = server();
  teller.repeat('a');
  await settled();
  expect(heard).toEqual([]);
  teller.set({ mode: 'stills' }, 'a');
  await settled();
  answers[0]?.fail(new Error('the socket is gone'));
  await settled();
  expect(failures).toHaveLength(1);
  teller.set({ mode: 'video' }, null);
  teller.repeat('b');
  await settled();
  expect(heard.slice(1)).toEqual([EXPECTED_SHOWS]);
});
