import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';

const MAIN = path.resolve(import.meta.dirname, '../../sfu/src/main.ts');

const SETTINGS = {
  SFU_NODE_ID: 'sfu-process',
  SFU_LINK_SECRET: 'a-secret-of-more-than-32-characters',
  SFU_CONTROL_PORT: '0',
  SFU_RTC_BASE_PORT: '0',
  SFU_WORKERS: '1',
};

/** Runs the process entry; `lines` grows with what it writes. */
function start(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    env: { PATH: process.env.PATH, MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const up = Promise.withResolvers<void>();
  const onData = (data: Buffer): void => {
    output.push(data.toString());
    if (output.join('').includes('media node up')) up.resolve();
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  const ended = once(child, 'exit').then(([code]: unknown[]) => code);
  return { child, ended, up: up.promise, text: () => output.join('') };
}

test('SIGTERM drains an empty node and ends it in order, with its workers', async () => {
  const { child, ended, up, text } = start(SETTINGS);
  await up;
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(text()).toContain('draining');
  expect(text()).toContain('media node ended');
  expect(text()).not.toContain(SETTINGS.SFU_LINK_SECRET);
});

test('a wrong setting is said in one sentence, without a stack', async () => {
  const { ended, text } = start({ ...SETTINGS, SFU_LINK_SECRET: 'short' });
  expect(await ended).toBe(1);
  expect(text().trim().split('\n')).toHaveLength(1);
  expect(text()).toContain('SFU_LINK_SECRET');
});

test('a missing worker binary ends the process with the reason', async () => {
  const { ended, text } = start({ ...SETTINGS, MEDIASOUP_WORKER_BIN: '/nonexistent/mediasoup-worker' });
  expect(await ended).toBe(1);
  expect(text()).toContain("The media node can't start");
});
