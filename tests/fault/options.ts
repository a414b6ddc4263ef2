import { parseArgs } from 'node:util';
import { StartError } from '../../infra/src/system/StartError.ts';

export interface FaultOptions {
  readonly trials: number;
  readonly rows: readonly string[];
  /** The quality run instead of faults. */
  readonly quality: boolean;
  /** Consultations one after the other instead, for so many minutes. */
  readonly soak: number | null;
}

const TRIALS = 20;

export const USAGE = (rows: readonly string[]): string => `npm run test:fault -- [options]
  --trials N      of each fault, ${TRIALS} by default
  --rows a,b      only these: ${rows.join(', ')}
  --quality       rate and loss instead of faults, beside a plain mediasoup page; --rows rate, loss, weak, reordered, recovery, codecs, voice
  --soak MINUTES  consultations one after the other, looking for whatever grows`;

/** @returns null when help was asked for @throws StartError */
export function readFaultOptions(
  args: readonly string[],
  known: readonly string[],
  scenarios: readonly string[],
): FaultOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      trials: { type: 'string', default: String(TRIALS) },
      rows: { type: 'string' },
      quality: { type: 'boolean', default: false },
      soak: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const trials = Number(values.trials);
  if (!Number.isSafeInteger(trials) || trials < 1)
    throw new StartError(`--trials ${values.trials} is no number of trials.`);
  const all = values.quality ? scenarios : known;
  const rows = values.rows?.split(',') ?? all;
  const unknown = rows.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new StartError(`There is no row ${unknown.join(', ')}.\n${USAGE(known)}`);
  const soak = values.soak === undefined ? null : Number(values.soak);
  if (soak !== null && !(soak > 0)) throw new StartError(`--soak ${values.soak} is no number of minutes.`);
  return { trials, rows, quality: values.quality, soak };
}
