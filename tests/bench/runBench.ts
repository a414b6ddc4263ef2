import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { BenchSystem } from './BenchSystem.ts';
import { notMeasured, type Row } from './Row.ts';
import { BenchDatabase } from './BenchDatabase.ts';
import { bookingRow } from './rows/booking.ts';
import { callNextRow } from './rows/callNext.ts';
import { callToFaceRow } from './rows/callToFace.ts';
import { describeDay, measureDay, promiseRow } from './rows/day.ts';
import { firstPageRow } from './rows/firstPage.ts';
import { jobsRow } from './rows/jobs.ts';
import { simulatedPromisesRow } from './rows/promise.ts';
import { manyCostRow, roomsCostRow } from './rows/sfuCost.ts';
import { latencyRow } from './rows/sfuLatency.ts';
import { startUpRow } from './rows/startUp.ts';
import { waitingRoomRow } from './rows/waitingRoom.ts';
import { measureSfus } from './sfu/sfuBench.ts';

const REPORT_DIRECTORY = new URL('../../.bench/', import.meta.url);
const full = process.argv.includes('--full');
/** The simulated day alone: minutes of its own, so that only --full has it beside the rest. */
const onlyDay = process.argv.includes('--day');

const LATER: readonly Row[] = [
  notMeasured(
    2,
    'media gap after kills and address change',
    'worker ≤ 2 s, node ≤ 5 s, signaling 0',
    'measured by `npm run test:fault`',
  ),
  notMeasured(3, 'concealed audio at 0–30 % loss', '≤ 1 % at 20 % on one leg', 'measured by `npm run test:fault`'),
  notMeasured(4, '150 kbit/s uplink', 'concealed ≤ 1 %, ≥ 7 fps', 'measured by `npm run test:fault`'),
  notMeasured(5, 'recovery of quality', '≤ 10 s', 'measured by `npm run test:fault`'),
];
const NO_CORES = 'needs two cores and taskset';
const WITHOUT_CORES: readonly Row[] = [
  notMeasured(6, 'SFU cost a forwarded packet, rooms of 4', '≤ 0.6 × Janus', NO_CORES),
  notMeasured(7, 'SFU cost, 1 → 100', '≤ 1.0 × Janus', NO_CORES),
  notMeasured(8, 'latency added by the SFU', '≤ 300 µs p99', NO_CORES),
];
/** `--rows 9,10`: only these; else all. */
const asked = process.argv.indexOf('--rows');
const only = asked < 0 ? null : new Set((process.argv[asked + 1] ?? '').split(',').map(Number));

const isAsked = (row: number): boolean => only === null || only.has(row);

/** Before the system runs: it would take its share of the SFUs' core. */
async function measureSfuRows(): Promise<readonly Row[]> {
  if (![6, 7, 8].some(isAsked)) return [];
  process.stderr.write('measuring rows 6 to 8\n');
  const measured = await measureSfus(full, isAsked);
  const rows =
    measured === undefined ? WITHOUT_CORES : [roomsCostRow(measured), manyCostRow(measured), latencyRow(measured)];
  return rows.filter(({ number }) => isAsked(number));
}

async function measure(): Promise<Row[]> {
  const sfuRows = await measureSfuRows();
  if (only !== null && [...only].every((row) => row >= 6 && row <= 8)) return [...sfuRows];
  const system = await BenchSystem.create(['--replicas', '2', '--sfu', '1']);
  try {
    process.stderr.write('starting the system\n');
    const firstMs = await system.start();
    process.stderr.write('starting it again\n');
    await system.stop();
    const againMs = await system.start();
    const database = new BenchDatabase(system.dataDirectory);
    const { url } = system;
    // Memory while the processes are fresh, calls while nothing else has filled the queues.
    const measures: readonly (readonly [number, () => Row | Promise<Row>])[] = [
      [15, () => startUpRow(firstMs, againMs)],
      [11, () => waitingRoomRow(url, database, system.dataDirectory, full)],
      [1, () => callToFaceRow(url, full)],
      [9, () => bookingRow(url, database, full)],
      [10, () => callNextRow(url, database, full)],
      [12, () => jobsRow(database, full)],
      [13, () => firstPageRow(url)],
    ];
    const rows: Row[] = [...sfuRows];
    try {
      for (const [number, row] of measures) {
        if (!isAsked(number)) continue;
        process.stderr.write(`measuring row ${number}\n`);
        try {
          rows.push(await row());
        } catch (error) {
          // What the other rows have measured stays.
          process.stderr.write(`row ${number} broke off: ${String(error)}\n`);
          process.exitCode = 1;
          rows.push(notMeasured(number, 'broke off', '', String(error)));
        }
      }
    } finally {
      await database.close();
    }
    return rows;
  } finally {
    await system.remove();
  }
}

const measured = onlyDay ? [] : [...(await measure()), ...(only === null ? LATER : [])];
const day = onlyDay || full ? await measureDay(process.argv.includes('--show')) : null;
/** The district's day through the API where it was played, else days that only the estimator lives through. */
const dayRow = only === null ? (day === null ? simulatedPromisesRow(full) : promiseRow(day)) : null;
const rows = [...measured, ...(dayRow === null ? [] : [dayRow])].toSorted((a, b) => a.number - b.number);
console.table(
  Object.fromEntries(
    rows.map(({ number, metric, goal, result, yardstick }) => [number, { metric, goal, result, yardstick }]),
  ),
);
if (day !== null) console.log(describeDay(day));
await mkdir(REPORT_DIRECTORY, { recursive: true });
await writeFile(
  new URL('report.json', REPORT_DIRECTORY),
  `${JSON.stringify({ at: new Date().toISOString(), cores: cpus().length, cpu: cpus()[0]?.model ?? '', load: loadavg(), full, rows, day }, null, 2)}\n`,
);
