import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { StartError } from '../../infra/src/system/StartError.ts';
import { runTask } from '../../infra/src/tasks/runTask.ts';
import { LARGE } from '../support/fakeMedia.ts';
import { FaultCall } from './FaultCall.ts';
import { FaultSystem } from './FaultSystem.ts';
import { networkObstacle } from './network/FaultNetwork.ts';
import { readFaultOptions, USAGE } from './options.ts';
import { type FaultRow, playTrial, type Trial } from './Row.ts';
import { runQuality } from './quality/runQuality.ts';
import { SCENARIOS } from './quality/scenarios.ts';
import { ROWS } from './rows/index.ts';
import { runSoak } from './soak/runSoak.ts';
import { describeRow, judgeRow, type RowResult } from './verdict.ts';

const REPORT = new URL('../../.bench/', import.meta.url);

/** `npm run test:fault`: each fault of a call so many times, measured at both ends. */
await runTask(async () => {
  const options = readFaultOptions(
    process.argv.slice(2),
    ROWS.map(({ name }) => name),
    SCENARIOS.map(({ name }) => name),
  );
  if (options === null) {
    console.log(USAGE(ROWS.map(({ name }) => name)));
    return 0;
  }
  const obstacle = networkObstacle();
  if (obstacle !== null) throw new StartError(`The faults need networks of their own: ${obstacle}.`);
  if (options.quality) {
    const scenarios = await runQuality(options.rows);
    await writeReport('quality.json', { scenarios });
    return 0;
  }
  if (options.soak !== null) {
    const result = await runSoak(options.soak);
    await writeReport('soak.json', result);
    const grows = Object.values(result.growth).some(({ verdict }) => verdict === 'grows');
    return grows || result.brokenOff !== null ? 1 : 0;
  }
  const results = await playRows(
    ROWS.filter(({ name }) => options.rows.includes(name)),
    options.trials,
  );
  console.table(Object.fromEntries(results.map((result) => [result.name, describeRow(result)])));
  return results.every(({ holds }) => holds) ? 0 : 1;
});

type Played = ReadonlyMap<string, readonly Trial[]>;

function judge(rows: readonly FaultRow[], played: Played): RowResult[] {
  return rows.map((row) => judgeRow(row, played.get(row.name) ?? []));
}

async function writeReport(file: string, content: object): Promise<void> {
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? '', load: loadavg() };
  await mkdir(REPORT, { recursive: true });
  const report = { at: new Date().toISOString(), ...machine, ...content };
  await writeFile(new URL(file, REPORT), `${JSON.stringify(report, null, 2)}\n`);
}

/** The rows in turn, round after round, so that none of them has the quiet half of the machine's day for itself. */
async function playRows(rows: readonly FaultRow[], trials: number): Promise<RowResult[]> {
  await using undo = new AsyncDisposableStack();
  const system = await FaultSystem.start();
  undo.defer(() => system.stop());
  const played = new Map<string, Trial[]>(rows.map(({ name }) => [name, []]));
  let call = await FaultCall.begin(system, LARGE);
  undo.defer(() => call.end());
  for (let trial = 0; trial < trials; trial += 1) {
    for (const row of rows) {
      const result = await playTrial(row, call, trial);
      played.get(row.name)?.push(result);
      const said = Object.entries(result.figures).map(([figure, value]) => `${figure} ${Math.round(value)} ms`);
      console.log(`${trial + 1}/${trials} ${row.name}: ${[...said, ...result.wrongs].join(', ')}`);
      if (result.wrongs.length === 0) continue;
      // Whatever is wrong must not be counted again for the next fault.
      await system.heal();
      await call.abandon();
      call = await FaultCall.begin(system, LARGE);
    }
    // A run of an hour may be ended early: what was played is kept.
    await writeReport('fault.json', { rounds: trial + 1, rows: judge(rows, played) });
  }
  return judge(rows, played);
}
