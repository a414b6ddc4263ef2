import { parseArgs } from 'node:util';
import { errorMessage, StartError } from '../../infra/src/system/StartError.ts';

export interface DemoOptions {
  /** A running district to play in; undefined: one of our own. */
  readonly url: string | undefined;
  readonly replicas: number;
  readonly sfuNodes: number;
}

const USAGE = `npm run demo [-- options]

  --url URL        play in a running demo district instead of one started for this
  --replicas N     signaling replicas of our own district, behind HAProxy when N > 1  (default 1)
  --sfu M          media nodes of our own district                                    (default 1)
  --help`;

/** @returns the options, or the text to print for `--help` */
export function readDemoOptions(args: readonly string[]): DemoOptions | { readonly usage: string } {
  const values = parse(args);
  if (values.help === true) return { usage: USAGE };
  if (values.url !== undefined && !URL.canParse(values.url)) {
    throw new StartError(`--url must be an address like http://localhost:8080, not "${values.url}".`);
  }
  return {
    url: values.url === undefined ? undefined : new URL(values.url).origin,
    replicas: count('--replicas', values.replicas),
    sfuNodes: count('--sfu', values.sfu),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        replicas: { type: 'string', default: '1' },
        sfu: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new StartError(`${errorMessage(error)}\n\n${USAGE}`);
  }
}

function count(name: string, text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new StartError(`${name} must be a whole number from 1 to 99, not "${text}".`);
}
