import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../services/paths.ts';
import { errorMessage, StartError } from '../system/StartError.ts';

export interface StartOptions {
  /** Where people connect. */
  readonly port: number;
  readonly host: string;
  /** Absolute. All state lives here. */
  readonly dataDirectory: string;
  readonly https: boolean;
  /** Signaling replicas; more than one stands behind HAProxy. */
  readonly replicas: number;
  /** Media nodes. */
  readonly sfuNodes: number;
  /** Start without the demo district. */
  readonly empty: boolean;
  /** Build and serve the web apps; no when they run under Vite's own server. */
  readonly web: boolean;
  /** PostgreSQL outside; undefined: our own. */
  readonly databaseUrl: string | undefined;
  /** The same database as the owner of the schema, for migrations. */
  readonly databaseOwnerUrl: string | undefined;
  /** Redis outside; undefined: our own. */
  readonly redisUrl: string | undefined;
  /** The address that browsers send media to; undefined: this machine's own. */
  readonly mediaAddress: string | undefined;
  /** First UDP and TCP port for media; undefined: 40000, or any free one when that is taken. */
  readonly mediaBasePort: number | undefined;
}

const DEFAULT_PORT = 8080;

const USAGE = `npm start [-- options]

  --https          serve with a self-signed certificate (kept in the data directory); other devices need it for the camera
  --replicas N     signaling replicas, behind HAProxy when N > 1     (default 1)
  --sfu M          media nodes                                       (default 1)
  --empty          without the demo district
  --no-web         API only: the web apps run under Vite (npx vite in clinic-web or doctor-web)
  --help

  PORT             where people connect                              (default ${DEFAULT_PORT})
  HOST             on which address                                  (default 0.0.0.0: all)
  DATA_DIR         where all state lives                             (default .data)
  DATABASE_URL     use this PostgreSQL instead of the embedded one; DATABASE_OWNER_URL for migrations
  REDIS_URL        use this Redis instead of our own
  MEDIA_ADDRESS    address that browsers send media to               (default: this machine's own)
  MEDIA_BASE_PORT  first UDP and TCP port for media                  (default 40000)`;

/** @returns the options, or the text to print for `--help` */
export function readStartOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartOptions | { readonly usage: string } {
  const values = parse(args);
  if (values.help === true) return { usage: USAGE };
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const databaseUrl = text('DATABASE_URL');
  const basePort = text('MEDIA_BASE_PORT');
  return {
    port: integer('PORT', text('PORT') ?? String(DEFAULT_PORT), 1, 65_535),
    host: text('HOST') ?? '0.0.0.0',
    dataDirectory: path.resolve(ROOT, text('DATA_DIR') ?? '.data'),
    https: values.https === true || text('HTTPS') === '1',
    replicas: integer('--replicas', values.replicas ?? '1', 1, 32),
    sfuNodes: integer('--sfu', values.sfu ?? '1', 1, 32),
    empty: values.empty === true,
    web: values['no-web'] !== true,
    databaseUrl,
    databaseOwnerUrl: text('DATABASE_OWNER_URL') ?? databaseUrl,
    redisUrl: text('REDIS_URL'),
    mediaAddress: text('MEDIA_ADDRESS'),
    mediaBasePort: basePort === undefined ? undefined : integer('MEDIA_BASE_PORT', basePort, 1_024, 65_000),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        https: { type: 'boolean' },
        replicas: { type: 'string' },
        sfu: { type: 'string' },
        empty: { type: 'boolean' },
        'no-web': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new StartError(`${errorMessage(error)}\n\n${USAGE}`);
  }
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new StartError(`${name} must be a whole number from ${min} to ${max}, not "${text}".`);
}
