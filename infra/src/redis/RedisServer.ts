import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { ManagedProcess } from '../supervisor/ManagedProcess.ts';
import type { ProcessSpec } from '../supervisor/ProcessSpec.ts';
import { makeSocketDirectory, removeSocketDirectory, restoreSocketDirectory } from '../system/socketDirectory.ts';
import { StartError } from '../system/StartError.ts';

export interface RedisServerOptions {
  /** Made when absent. Absolute. */
  readonly directory: string;
  /** Databases to choose from by number; tests give one to each file. */
  readonly databases?: number;
  /** The server ends when we do, however we end. For tests. */
  readonly dieWithParent?: boolean;
  readonly log: (line: string) => void;
}

/** Some systems keep servers out of a normal user's PATH. */
const DIRECTORIES = [...(process.env.PATH ?? '').split(':'), '/usr/local/bin', '/usr/bin', '/usr/sbin'];

/** The Redis or Valkey of the system, or undefined when neither is installed. */
export function findRedisServer(): string | undefined {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const directory of DIRECTORIES) {
      if (directory === '') continue;
      const file = path.join(directory, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here; the next directory may have it.
      }
    }
  }
  return undefined;
}

/**
 * A Redis of our own: no port, one Unix socket in a directory that nobody else can enter. It keeps nothing on disk,
 * because nothing in it may matter: PostgreSQL holds what was acknowledged, and what is due is queued anew from there.
 */
export class RedisServer {
  readonly socketDirectory: string;
  readonly #options: RedisServerOptions;
  readonly #program: string;
  #running: ManagedProcess | undefined;

  private constructor(options: RedisServerOptions, program: string) {
    this.#options = options;
    this.#program = program;
    this.socketDirectory = makeSocketDirectory('redis');
  }

  /** @throws StartError when neither Redis nor Valkey is installed */
  static prepare(options: RedisServerOptions): RedisServer {
    const program = findRedisServer();
    if (program === undefined) {
      throw new StartError(
        'Redis is missing: install it (sudo apt-get install redis-server), or give the address of one in REDIS_URL.',
      );
    }
    mkdirSync(options.directory, { recursive: true });
    return new RedisServer(options, program);
  }

  get #socket(): string {
    return path.join(this.socketDirectory, 'redis.sock');
  }

  /** @param database its number, 0 by default */
  url(database?: number): string {
    return `unix://${this.#socket}${database === undefined ? '' : `?db=${database}`}`;
  }

  /** How to run it, for a supervisor. */
  get spec(): ProcessSpec {
    const settings = {
      port: '0',
      unixsocket: this.#socket,
      unixsocketperm: '700',
      dir: this.#options.directory,
      save: '""',
      appendonly: 'no',
      databases: String(this.#options.databases ?? 16),
      // BullMQ's jobs must never be evicted to make room.
      'maxmemory-policy': 'noeviction',
    };
    return {
      name: 'redis',
      command: this.#program,
      args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value === '""' ? '' : value]),
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
      cwd: '/',
      dieWithParent: this.#options.dieWithParent ?? false,
      // A killed predecessor leaves its socket; the new one couldn't bind.
      beforeStart: async () => {
        restoreSocketDirectory(this.socketDirectory);
        rmSync(this.#socket, { force: true });
      },
      isIntact: () => existsSync(this.#socket),
      isReady: () => answersPing(this.#socket),
      readyTimeoutMs: 15_000,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 5_000,
      explainFailure: (lines) => {
        const reason = lines.findLast((line) => /error|fatal|can't|could not|denied/i.test(line));
        return reason === undefined ? undefined : `Redis can't run in ${this.#options.directory}: ${reason.trim()}`;
      },
    };
  }

  /** Starts it without a supervisor. */
  async start(): Promise<void> {
    this.#running = await ManagedProcess.start(this.spec, { onLine: this.#options.log });
  }

  get process(): ManagedProcess | undefined {
    return this.#running;
  }

  /** Stops what start() started and removes the socket's directory. Idempotent. */
  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
    this.removeSockets();
  }

  removeSockets(): void {
    removeSocketDirectory(this.socketDirectory);
  }
}

function answersPing(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer to PING')));
    socket.on('error', reject);
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', (data) => {
      socket.destroy();
      resolve(data.toString('latin1').startsWith('+PONG'));
    });
  });
}
