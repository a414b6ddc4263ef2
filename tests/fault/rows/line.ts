import { setTimeout as sleep } from 'node:timers/promises';
import { words } from '../../support/words.ts';
import { until } from '../FaultSystem.ts';
import type { FaultCall, Figures } from '../FaultCall.ts';
import type { FaultRow } from '../Row.ts';

/** Nothing passes for a while, and nobody says so. */
async function blackout(call: FaultCall, seconds: number): Promise<Figures> {
  await call.saysNothingOf(words.call.peer.gone);
  const since = Date.now();
  await call.terminalLine.blackout();
  await sleep(seconds * 1_000);
  await call.terminalLine.restore();
  const linkAt = Date.now();
  const told = await call.toldGone(since, words.call.peer.gone);
  await call.perceived(linkAt);
  return { ...(await call.backSince(linkAt)), told: (told ?? Number.POSITIVE_INFINITY) - since };
}

const blackoutOf = (seconds: number): FaultRow => ({
  name: `blackout-${seconds}`,
  title: `${seconds} s blackout at the terminal`,
  goals: [
    { figure: 'back', percentile: 95, limit: 3_000 },
    { figure: 'told', percentile: 95, limit: 5_000 },
  ],
  play: (call) => blackout(call, seconds),
});

/** So long somebody looks for the plug, milliseconds. */
const UNPLUGGED_MS = 3_000;

/** The line between the terminal and the servers, and what sits at its end. */
export const LINE_ROWS: readonly FaultRow[] = [
  {
    name: 'address-change',
    title: 'Wi-Fi → mobile: another address at the terminal',
    goals: [{ figure: 'picture', percentile: 95, limit: 500 }],
    play: async (call) => {
      const since = Date.now();
      await call.terminalLine.changeAddress();
      await call.perceived(since);
      return call.gapsSince(since);
    },
  },
  blackoutOf(10),
  blackoutOf(30),
  {
    name: 'tab-crash',
    title: "the terminal's tab crashes and is opened anew",
    goals: [
      { figure: 'told', percentile: 95, limit: 5_000 },
      { figure: 'rejoined', percentile: 95, limit: 5_000 },
    ],
    play: async (call) => {
      await call.saysNothingOf(words.call.peer.gone);
      const since = Date.now();
      let told = Number.POSITIVE_INFINITY;
      const openedAt = await call.crashTab(async () => {
        await until('the console says that the other side is gone', 20_000, async () => {
          told = (await call.toldGone(since, words.call.peer.gone)) ?? told;
          return Number.isFinite(told);
        });
      });
      await call.perceived(openedAt);
      const { back } = await call.backSince(openedAt);
      return { told: told - since, rejoined: back ?? Number.POSITIVE_INFINITY };
    },
  },
  {
    name: 'camera-unplug',
    title: "the terminal's camera is pulled out, and plugged in again",
    goals: [
      { figure: 'told', percentile: 95, limit: 2_000 },
      { figure: 'back', percentile: 95, limit: 3_000 },
      { figure: 'sound', percentile: 95, limit: 500 },
    ],
    play: async (call) => {
      const terminal = call.page('terminal');
      const note = terminal.getByText(words.call.problem['camera-lost'].title);
      const since = Date.now();
      await terminal.evaluate('cameraPlug.pull()');
      await note.waitFor();
      const told = Date.now() - since;
      await sleep(UNPLUGGED_MS);
      const plugAt = Date.now();
      await terminal.evaluate('cameraPlug.plug()');
      await note.waitFor({ state: 'hidden' });
      await call.perceived(plugAt);
      const [{ back = Number.POSITIVE_INFINITY }, { sound = Number.POSITIVE_INFINITY }] = [
        await call.backSince(plugAt),
        await call.gapsSince(since),
      ];
      return { told, back, sound };
    },
  },
];
