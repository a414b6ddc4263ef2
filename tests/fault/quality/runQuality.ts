import { freePort } from '../../../infra/src/system/ports.ts';
import { installCallProbe } from '../../support/CallProbe.ts';
import { launchChromium } from '../../support/chromium.ts';
import { LARGE } from '../../support/fakeMedia.ts';
import { fakePeople } from '../../support/journeys/Stage.ts';
import { words } from '../../support/words.ts';
import { watchContinuity } from '../Continuity.ts';
import { continuousVoice } from '../continuousVoice.ts';
import { FaultCall } from '../FaultCall.ts';
import { FaultSystem } from '../FaultSystem.ts';
import { DelayRelay } from '../network/DelayRelay.ts';
import { measureScenario, type StepResult, type Subject } from './measure.ts';
import { PlainServer } from '../../support/plainCall/PlainServer.ts';
import { PLAIN, type PlainVariant, SCENARIOS } from './scenarios.ts';

export interface QualityResult {
  readonly scenario: string;
  /** By whose pages they are: `ours`, or a plain variant's name. */
  readonly results: Readonly<Record<string, readonly StepResult[]>>;
}

const OURS = "the product's pages";

/** What is behind the relays, which announce another address of the same port. */
const HIDDEN = '127.0.0.1';

/** Each scenario with the product's pages and with the plain one, in turn, on the same lines in the same run. */
export async function runQuality(names: readonly string[]): Promise<QualityResult[]> {
  const [ourPort, plainPort] = [await freePort(), await freePort()];
  await using undo = new AsyncDisposableStack();
  const system = await FaultSystem.start({
    sfuNodes: 1,
    sfuEnv: (address) => ({
      SFU_RTC_LISTEN_IP: HIDDEN,
      SFU_RTC_ANNOUNCED_ADDRESS: address,
      SFU_RTC_BASE_PORT: String(ourPort),
    }),
  });
  undo.defer(() => system.stop());
  const { address } = system.network;
  const relays = await Promise.all(
    [ourPort, plainPort].map((port) => DelayRelay.start({ address, port, target: HIDDEN })),
  );
  undo.defer(() => relays.forEach((relay) => relay.close()));
  const plainServer = await PlainServer.start({
    address,
    listenIp: HIDDEN,
    announcedAddress: address,
    mediaPort: plainPort,
  });
  undo.defer(() => plainServer.stop());
  const lines = [system.network.line(0), system.network.line(1)] as const;
  const results: QualityResult[] = [];
  for (const scenario of SCENARIOS.filter(({ name }) => names.includes(name))) {
    const measure = (subject: Subject) =>
      measureScenario(scenario, subject, { relays, lines }, [words.call.peer.stills, words.call.peer.weak]);
    const measured: Record<string, readonly StepResult[]> = {};
    if (scenario.variants === undefined) {
      console.log(`${scenario.name}: ${OURS}`);
      measured[OURS] = await measureOurs(system, measure);
    }
    for (const variant of scenario.variants ?? [PLAIN]) {
      console.log(`${scenario.name}: ${variant.name}`);
      try {
        measured[variant.name] = await measurePlain(system, plainServer, variant, measure);
      } catch (error) {
        // A browser may refuse a codec: that, too, is a result.
        console.log(`${variant.name}: ${String(error)}`);
      }
    }
    results.push({ scenario: scenario.name, results: measured });
    console.table(tableOf(measured));
  }
  return results;
}

type Measure = (subject: Subject) => Promise<StepResult[]>;

async function measureOurs(system: FaultSystem, measure: Measure): Promise<StepResult[]> {
  const call = await FaultCall.begin(system, LARGE);
  try {
    return await measure({ terminal: call.page('terminal'), console: call.page('console') });
  } finally {
    await call.abandon();
  }
}

async function measurePlain(
  system: FaultSystem,
  server: PlainServer,
  { codec, layers, voice }: PlainVariant,
  measure: Measure,
): Promise<StepResult[]> {
  const { url } = server;
  const people = await fakePeople(LARGE);
  const open = async (line: number, side: string, media: (typeof people)['resident']) => {
    const browser = await launchChromium({
      media: await continuousVoice(media),
      program: await system.network.browser(line),
      args: [`--unsafely-treat-insecure-origin-as-secure=${url}`],
    });
    const context = await browser.newContext({
      permissions: ['camera', 'microphone'],
      viewport: { width: 1280, height: 800 },
    });
    await installCallProbe(context);
    await watchContinuity(context);
    const page = await context.newPage();
    await page.goto(`${url}/?side=${side}&codec=${codec}&layers=${layers}&voice=${voice}`);
    return { browser, page };
  };
  const [terminal, console] = [await open(0, 'terminal', people.resident), await open(1, 'console', people.specialist)];
  try {
    for (const { page } of [terminal, console]) {
      const seen = 'document.querySelector(".ch-call-others video")?.videoHeight > 0';
      await page.waitForFunction(seen, undefined, { timeout: 30_000 });
    }
    return await measure({ terminal: terminal.page, console: console.page });
  } finally {
    await Promise.all([terminal.browser.close(), console.browser.close()]);
    server.forget();
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function tableOf(measured: QualityResult['results']): Record<string, string>[] {
  const say = ({ up, down, recovered, cpu }: StepResult): string =>
    `concealed ${percent(up.concealed)}/${percent(down.concealed)}, gap ${Math.round(Math.max(up.soundGap, down.soundGap))} ms, ` +
    `${up.fps.toFixed(0)}/${down.fps.toFixed(0)} fps, watchable ${percent(up.watchable)}/${percent(down.watchable)}, ` +
    `${up.height}/${down.height} lines, ${up.kbit.toFixed(0)}/${down.kbit.toFixed(0)} kbit/s, ${up.freezes + down.freezes} freezes, ` +
    `${percent(cpu)} of a core${recovered === null ? '' : `, as before after ${recovered.toFixed(1)} s`}`;
  const steps = Object.values(measured)[0] ?? [];
  return steps.map(({ step }, index) => ({
    step,
    ...Object.fromEntries(
      Object.entries(measured).map(([name, results]) => {
        const result = results[index];
        return [`${name} (up/down)`, result === undefined ? '' : say(result)];
      }),
    ),
  }));
}
