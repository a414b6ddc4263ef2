import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../../infra/src/services/paths.ts';
import { errorMessage, StartError } from '../../infra/src/system/StartError.ts';
import { runTask } from '../../infra/src/tasks/runTask.ts';
import { LARGE } from '../support/fakeMedia.ts';
import { readCast } from '../support/journeys/cast.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { waitForBookableDay } from '../support/journeys/nextDay.ts';
import { type Consultation, playConsultation } from '../support/journeys/playConsultation.ts';
import { Stage } from '../support/journeys/Stage.ts';
import { DemoStack } from './DemoStack.ts';
import { type DemoOptions, readDemoOptions } from './options.ts';
import { demoReport } from './report.ts';

const DIRECTORY = path.join(ROOT, '.demo');

/** `npm run demo`: a whole consultation in real browsers, with a picture of every step. */
await runTask(async () => {
  const options = readDemoOptions(process.argv.slice(2));
  if ('usage' in options) {
    console.log(options.usage);
    return 0;
  }
  await rm(DIRECTORY, { recursive: true, force: true });
  await mkdir(DIRECTORY, { recursive: true });
  await waitForBookableDay(console.log);
  if (options.url !== undefined) return play(options.url, options);
  console.log('Starting a district of its own for the demonstration');
  const stack = await DemoStack.start(options);
  try {
    return await play(stack.url, options);
  } finally {
    await stack.stop();
  }
});

async function play(url: string, { replicas, sfuNodes }: DemoOptions): Promise<number> {
  const startedAt = new Date();
  const journal = await Journal.create({
    directory: DIRECTORY,
    tell: ({ number, face, name, atMs }) =>
      console.log(`  ${String(number).padStart(2)}  ${(atMs / 1_000).toFixed(1).padStart(5)} s  ${face}: ${name}`),
  });
  const cast = await readCast(url);
  const stage = await Stage.open(url, journal, LARGE);
  let consultation: Consultation | undefined;
  let failure: string | undefined;
  try {
    consultation = await playConsultation(cast, stage.players);
  } catch (error) {
    // Playwright's errors carry a call log; the first line is the sentence.
    failure = errorMessage(error).split('\n')[0] ?? 'unknown';
    await stage.photograph(DIRECTORY, 'failure');
  }
  const complaints = stage.complaints();
  await stage.close();
  const report = demoReport({
    url,
    startedAt,
    replicas,
    sfuNodes,
    steps: journal.steps,
    complaints,
    consultation,
    failure,
  });
  await writeFile(path.join(DIRECTORY, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  if (failure !== undefined) {
    const last = journal.steps.at(-1);
    const after =
      last === undefined ? 'at the very beginning' : `after step ${last.number} (${last.face}: ${last.name})`;
    throw new StartError(`The demonstration failed ${after}: ${failure} Pictures of all pages: .demo/failure-*.png`);
  }
  console.log(`\nThe consultation went through, ${report.seconds} s. Pictures and report.json: .demo/`);
  console.log(JSON.stringify(report.call));
  if (complaints.length > 0) console.log(`The pages complained:\n${complaints.join('\n')}`);
  return 0;
}
