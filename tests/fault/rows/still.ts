import { setTimeout as sleep } from 'node:timers/promises';
import { readMedia } from '../../support/CallProbe.ts';
import type { MediaReport } from '../../support/mediaReport.ts';
import { continuitySince, lengthOf } from '../Continuity.ts';
import type { FaultCall, Figures } from '../FaultCall.ts';
import { until } from '../FaultSystem.ts';
import type { FaultRow } from '../Row.ts';

/** Until the call has found what a line gives, milliseconds. */
const SETTLING_MS = 8_000;
const ARRIVAL_TIMEOUT_MS = 240_000;
const SAMPLES_PER_MS = 48;

const concealedMs = ({ receives }: MediaReport): number =>
  receives.audio.reduce((sum, { concealedSamples }) => sum + concealedSamples, 0) / SAMPLES_PER_MS;

const stillsOf = (call: FaultCall) =>
  call.system.db
    .selectFrom('attachment')
    .select(['id', 'status', 'bytes', 'received_bytes'])
    .where('encounter_id', '=', call.encounterId)
    .orderBy('created_at', 'desc')
    .execute();

/** The specialist presses the key; begins when the first bytes of the picture are at the server. */
async function askForStill(call: FaultCall): Promise<{ pressedAt: number; arrived: () => Promise<boolean> }> {
  const console = call.page('console');
  const before = (await stillsOf(call)).length;
  await console.evaluate('document.activeElement?.blur()');
  const pressedAt = Date.now();
  await console.keyboard.press('s');
  await until('the picture is on its way', ARRIVAL_TIMEOUT_MS, async () => {
    const stills = await stillsOf(call);
    return stills.length > before && Number(stills[0]?.received_bytes) > 0;
  });
  return { pressedAt, arrived: async () => (await stillsOf(call))[0]?.status === 'completed' };
}

/** How the terminal's sound came through at the console meanwhile: longest gap, and all that was made up. */
async function soundDuring(call: FaultCall, work: () => Promise<void>): Promise<Figures> {
  const console = call.page('console');
  const [since, before] = [Date.now(), await readMedia(console)];
  await work();
  const [report, after] = [await continuitySince(console, since), await readMedia(console)];
  return {
    sound: lengthOf(report.sound),
    concealed: concealedMs(after) - concealedMs(before),
    lasted: Date.now() - since,
  };
}

/** A picture at full resolution travels beside a call that needs the line itself. */
export const STILL_ROWS: readonly FaultRow[] = [
  {
    name: 'still-weak',
    title: 'a still beside the call at 150 kbit/s',
    goals: [
      { figure: 'sound', percentile: 95, limit: 500 },
      { figure: 'arrived', percentile: 95, limit: 60_000 },
    ],
    play: async (call) => {
      await call.terminalLine.impair({ rateUp: 150, rateDown: 150 });
      try {
        await sleep(SETTLING_MS);
        let arrivedAfter = Number.POSITIVE_INFINITY;
        const heard = await soundDuring(call, async () => {
          const { pressedAt, arrived } = await askForStill(call);
          await until('the picture is there', ARRIVAL_TIMEOUT_MS, arrived);
          arrivedAfter = Date.now() - pressedAt;
        });
        return { arrived: arrivedAfter, ...heard };
      } finally {
        await call.terminalLine.impair({});
        await call.perceived(Date.now());
      }
    },
  },
  {
    name: 'still-blackout-60',
    title: '60 s blackout while a still is on its way',
    goals: [{ figure: 'arrived', percentile: 95, limit: 30_000 }],
    play: async (call) => {
      await call.terminalLine.impair({ rateUp: 150, rateDown: 150 });
      try {
        await sleep(SETTLING_MS);
        const { arrived } = await askForStill(call);
        await call.terminalLine.blackout();
        await sleep(60_000);
        const wasThere = await arrived();
        await call.terminalLine.restore();
        await call.terminalLine.impair({});
        const linkAt = Date.now();
        await until('the picture is there', ARRIVAL_TIMEOUT_MS, arrived);
        await call.perceived(linkAt);
        return { arrived: wasThere ? Number.POSITIVE_INFINITY : Date.now() - linkAt };
      } finally {
        await call.terminalLine.restore();
        await call.terminalLine.impair({});
      }
    },
  },
];
