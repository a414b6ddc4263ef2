import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { freePort } from '../../../infra/src/system/ports.ts';
import { installCallProbe, readMoments } from '../../support/CallProbe.ts';
import { PlainServer } from '../../support/plainCall/PlainServer.ts';

const ADDRESS = '127.0.0.1';
const FIRST_FRAME_TIMEOUT_MS = 20_000;

/**
 * Row 1's yardstick: two plain mediasoup pages, cold, whose cameras are open already. One is in the room, the other one
 * answers: its usual requests one after the other.
 * @returns from the answer to the first presented picture, milliseconds, at both ends of each call
 */
export async function plainToFace(clinic: Browser, hospital: Browser, calls: number): Promise<number[]> {
  const server = await PlainServer.start({
    address: ADDRESS,
    listenIp: ADDRESS,
    announcedAddress: ADDRESS,
    mediaPort: await freePort(),
    workerBin: process.env['MEDIASOUP_WORKER_BIN'],
  });
  const faces: number[] = [];
  try {
    for (let call = 0; call < calls; call += 1) faces.push(...(await oneCall(server, clinic, hospital)));
  } finally {
    await server.stop();
  }
  return faces;
}

async function oneCall(server: PlainServer, clinic: Browser, hospital: Browser): Promise<number[]> {
  const open = async (browser: Browser, query: string) => {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    await installCallProbe(context);
    const page = await context.newPage();
    await page.goto(`${server.url}/?${query}`);
    return page;
  };
  const [terminal, console] = [await open(clinic, 'side=terminal&waits'), await open(hospital, 'side=console')];
  try {
    await server.hasProducers('console', 2);
    await terminal.locator('.ch-call-answer').click();
    for (const until = performance.now() + FIRST_FRAME_TIMEOUT_MS; performance.now() < until; await sleep(100)) {
      const [there, here] = await Promise.all([readMoments(terminal), readMoments(console)]);
      const { answered, 'first-frame': face } = there;
      const { 'first-frame': faceHere } = here;
      if (answered !== undefined && face !== undefined && faceHere !== undefined)
        return [face - answered, faceHere - answered];
    }
    return [];
  } finally {
    await Promise.all([terminal.context().close(), console.context().close()]);
    server.forget();
  }
}
