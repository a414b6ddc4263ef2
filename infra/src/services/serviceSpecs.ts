import path from 'node:path';
import type { ProcessSpec } from '../supervisor/ProcessSpec.ts';
import { isHealthy } from './healthProbe.ts';
import { COMPILE_CACHE, NODE, ROOT, SFU_MAIN, SIGNALING_MAIN } from './paths.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export interface SignalingOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly dataDirectory: string;
  readonly secretsFile: string;
  readonly certificate?: { readonly pem: string; readonly certFile: string; readonly keyFile: string } | undefined;
  /** More of the variables in signaling's config.ts. */
  readonly env?: Variables;
  readonly dieWithParent?: boolean;
}

/** One signaling replica. */
export function signalingSpec(options: SignalingOptions): ProcessSpec {
  const probeHost = options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host;
  return {
    ...nodeProcess(options.name, SIGNALING_MAIN, {
      HOST: options.host,
      PORT: String(options.port),
      DATABASE_URL: options.databaseUrl,
      REDIS_URL: options.redisUrl,
      DATA_DIR: options.dataDirectory,
      SECRETS_FILE: options.secretsFile,
      TLS_CERT_FILE: options.certificate?.certFile,
      TLS_KEY_FILE: options.certificate?.keyFile,
      ...options.env,
    }),
    dieWithParent: options.dieWithParent ?? false,
    isReady: () => isHealthy({ host: probeHost, port: options.port, certificate: options.certificate?.pem }),
  };
}

export interface SfuOptions {
  readonly nodeId: string;
  /** Of the control link, on loopback. */
  readonly controlPort: number;
  readonly redisUrl: string;
  readonly linkSecret: string;
  readonly workerBin: string;
  /** Signaling's data directory; undefined where nothing can be recorded. */
  readonly recordsInto: string | undefined;
  /** More of the variables in sfu's config.ts. */
  readonly env?: Variables;
  readonly dieWithParent?: boolean;
}

/** One media node. */
export function sfuSpec(options: SfuOptions): ProcessSpec {
  return {
    ...nodeProcess(options.nodeId, SFU_MAIN, {
      // A media node never touches the database.
      DATABASE_URL: undefined,
      SFU_NODE_ID: options.nodeId,
      SFU_CONTROL_HOST: '127.0.0.1',
      SFU_CONTROL_PORT: String(options.controlPort),
      SFU_REDIS_URL: options.redisUrl,
      SFU_LINK_SECRET: options.linkSecret,
      MEDIASOUP_WORKER_BIN: options.workerBin,
      SFU_RECORDING_DIR: options.recordsInto === undefined ? undefined : path.join(options.recordsInto, 'recordings'),
      ...options.env,
    }),
    dieWithParent: options.dieWithParent ?? false,
    isReady: () => isHealthy({ host: '127.0.0.1', port: options.controlPort }),
  };
}

function nodeProcess(name: string, main: string, env: Variables): Omit<ProcessSpec, 'isReady'> {
  return {
    name,
    command: NODE,
    args: ['--disable-warning=ExperimentalWarning', main],
    env: definedOnly({ NODE_ENV: 'production', NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, ...env }),
    cwd: ROOT,
    readyTimeoutMs: 30_000,
    stopSignal: 'SIGTERM',
    // Draining takes its time: calls are moved or ended in order.
    stopTimeoutMs: 30_000,
    // Both mains say in one sentence why they can't start; it is the last line they write.
    explainFailure: (lines) => {
      // An uncaught error ends with a stack and Node's version: the sentence stands before them.
      const error = lines.findLast((line) => /^\w*Error(?: \[\w+\])?: /.test(line));
      const last = error ?? lines.findLast((line) => line.trim() !== '');
      return last === undefined ? undefined : `${name} can't run: ${readMessage(last)}`;
    },
  };
}

/** Log lines are JSON with `msg`; a sentence for people is plain. */
function readMessage(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'msg' in value && typeof value.msg === 'string')
      return value.msg;
  } catch {
    // Not JSON after all: show the line as it is.
  }
  return line;
}

function definedOnly(variables: Variables): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) defined[name] = value;
  return defined;
}
