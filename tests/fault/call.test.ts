import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readMedia } from '../support/CallProbe.ts';
import { SMALL } from '../support/fakeMedia.ts';
import { words } from '../support/words.ts';
import { FaultCall } from './FaultCall.ts';
import { FaultSystem } from './FaultSystem.ts';
import { networkObstacle } from './network/FaultNetwork.ts';
import { playTrial } from './Row.ts';
import { ROWS } from './rows/index.ts';
import { consultations } from './soak/runSoak.ts';
import { type Sample, Sampler } from './soak/sample.ts';

/** For a machine that does five other things: what is over by then is repaired by itself, and not by chance. */
const CEILING_MS = 15_000;
/** Told apart in the long run (`npm run test:fault`): the same ground is covered by another row, or it takes too long. */
const LONG_RUN_ONLY: ReadonlySet<string> = new Set([
  'nothing',
  'sockets-cut',
  'replica-stop',
  'node-stop',
  'blackout-30',
  'still-weak',
  'still-blackout-60',
]);

describe.skipIf(networkObstacle() !== null)('a call on lines of its own', () => {
  let system: FaultSystem;
  let call: FaultCall;

  beforeAll(async () => {
    system = await FaultSystem.start();
    call = await FaultCall.begin(system, SMALL);
  });
  afterAll(async () => {
    await call?.end();
    await system?.stop();
  });

  const rows = ROWS.filter(({ name }) => !LONG_RUN_ONLY.has(name));
  test.each(rows)('survives: $title', async (row) => {
    const { figures, wrongs } = await playTrial(row, call, 0);
    expect(wrongs).toEqual([]);
    for (const { figure, limit } of row.goals) {
      expect(figures[figure], figure).toBeLessThan(Math.max(CEILING_MS, 3 * limit));
    }
  });

  test('goes through the relay where nothing else is allowed', async () => {
    await call.relayOnly(true);
    expect(await readMedia(call.page('terminal'))).toMatchObject({ relayed: true });
    await call.relayOnly(false);
    expect(await readMedia(call.page('terminal'))).toMatchObject({ relayed: false, protocols: ['udp'] });
  });

  test('goes on over TCP to the media node where neither UDP nor a relay is to be had any more', async () => {
    const since = Date.now();
    await call.terminalLine.blockUdp(system.coturn.port);
    try {
      await call.perceived(since);
      // Both ways of the terminal: each has a transport of its own, and the two don't change over at the same moment.
      await vi.waitFor(
        async () =>
          expect(await readMedia(call.page('terminal'))).toMatchObject({ relayed: false, protocols: ['tcp'] }),
        { timeout: 20_000, interval: 500 },
      );
    } finally {
      await call.terminalLine.restore();
    }
    expect(await call.wrongs()).toEqual([]);
  });

  test('shows stills where the line is too slow for moving pictures, and says so at both ends', async () => {
    const { problem, peer } = words.call;
    const said = call.page('terminal').getByText(problem['video-stills'].title);
    // Anew: over TCP alone it may have come to that already.
    await call.finish();
    await call.withoutPeers();
    await call.again();
    await said.waitFor({ state: 'hidden' });
    await call.terminalLine.impair({ rateUp: 130, rateDown: 1_500 });
    try {
      await said.waitFor({ timeout: 60_000 });
      await call.page('console').getByText(peer.stills).waitFor();
    } finally {
      await call.terminalLine.impair({});
    }
    expect(await call.wrongs()).toEqual([]);
  });

  test('leaves nothing behind, consultation after consultation', async () => {
    const samples: Sample[] = [];
    for await (const sample of consultations(call)) if (samples.push(sample) === 4) break;
    const [, second] = samples;
    const sampler = await Sampler.create(call);
    // What was only on its way, like a note that is still shown, is gone by then; what leaks stays.
    await vi.waitFor(
      async () => {
        // One in each row of the day's list, which the page may hold twice: as it is, and as it was a moment before.
        const rows = await call.page('terminal').getByTestId('worklist-item').count();
        for (const [what, count] of Object.entries(await sampler.take())) {
          if (/rooms|peers|connections/.test(what)) expect(count, what).toBe(0);
          // A file or a listener with each consultation would be two more by then; a pool may open one now and then.
          if (/handles|listeners/.test(what)) {
            expect(count - (second?.[what] ?? 0), what).toBeLessThan(what.startsWith('terminal') ? 8 + rows : 8);
          }
        }
      },
      { timeout: 20_000, interval: 1_000 },
    );
  });

  describe('the relay', () => {
    test.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.1.1'])(
      'leads to media nodes, not to %s',
      async (peer) => {
        expect(await system.coturn.relayTo(peer, system.coturn.credentials(300))).toContain('403 (Forbidden IP)');
      },
    );

    test('refuses credentials that have ended', async () => {
      const said = await system.coturn.relayTo(system.network.address, system.coturn.credentials(-5));
      expect(said).toContain('Cannot complete Allocation');
    });

    test('relays no TCP', async () => {
      const said = await system.coturn.relayTo(system.network.address, system.coturn.credentials(300), ['-T']);
      expect(said).toContain('TCP Transport is not allowed');
    });
  });
});
