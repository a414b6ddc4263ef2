import type { Browser } from 'playwright-core';
import { freePort } from '../../../infra/src/system/ports.ts';
import { installCallProbe } from '../../support/CallProbe.ts';
import { PlainServer } from '../../support/plainCall/PlainServer.ts';
import { type Faces, facesOf, untilSeen } from './faces.ts';

const ADDRESS = '127.0.0.1';

/**
 * Row 1's yardstick: two plain mediasoup pages, cold, whose cameras are open already. One is in the room, the other one
 * answers: its usual requests one after the other.
 * @returns of the calls in which both pictures came
 */
export async function plainToFace(clinic: Browser, hospital: Browser, calls: number): Promise<Faces[]> {
  const server = await PlainServer.start({
    address: ADDRESS,
    listenIp: ADDRESS,
    announcedAddress: ADDRESS,
    mediaPort: await freePort(),
  });
  const faces: Faces[] = [];
  try {
    for (let call = 0; call < calls; call += 1) {
      const seen = await oneCall(server, clinic, hospital);
      if (seen !== null) faces.push(seen);
    }
  } finally {
    await server.stop();
  }
  return faces;
}

async function oneCall(server: PlainServer, clinic: Browser, hospital: Browser): Promise<Faces | null> {
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
    return await untilSeen(terminal, console, facesOf);
  } finally {
    await Promise.all([terminal.context().close(), console.context().close()]);
    server.forget();
  }
}
