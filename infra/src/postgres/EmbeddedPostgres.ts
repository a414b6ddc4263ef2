import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { ManagedProcess } from '../supervisor/ManagedProcess.ts';
import type { ProcessSpec } from '../supervisor/ProcessSpec.ts';
import { readIfThere } from '../system/files.ts';
import { makeSocketDirectory, removeSocketDirectory, restoreSocketDirectory } from '../system/socketDirectory.ts';
import { locateBinaries, type PostgresBinaries } from './binaries.ts';
import { initialiseCluster, OPEN_DIRECTORY } from './initialiseCluster.ts';
import { explainPostgresFailure } from './postgresFailure.ts';
import { postgresUser, type UnixUser } from './runAsUser.ts';
import { removeStalePostmaster } from './stalePostmaster.ts';

export interface EmbeddedPostgresOptions {
  /** Made when absent. Its parent must exist. Absolute. */
  readonly dataDirectory: string;
  /** Of the role `postgres`. Must be the same at every start on the same data. */
  readonly superuserPassword: string;
  /** Server settings beside ours, e.g. `{ max_connections: '300' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** False for tests only: nothing is flushed to disk, a crash of the machine loses data. */
  readonly durable?: boolean;
  /** The server ends when we do, however we end. For tests. */
  readonly dieWithParent?: boolean;
  readonly log: (line: string) => void;
}

export interface DatabaseLogin {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** What was committed still survives a kill of the server (the kernel has it), so that fault tests mean something. */
const VOLATILE = { fsync: 'off', full_page_writes: 'off' } as const;
/** PostgreSQL's name for it: the default port is part of it, and of every address that names none. */
const SOCKET_FILE = '.s.PGSQL.5432';

/**
 * A PostgreSQL 18 server of our own from an npm package: no port, one Unix socket in a directory that nobody else can
 * enter, passwords all the same.
 *
 * Root runs it as an unprivileged user. That user needn't be able to walk to the data directory (the clone may lie
 * below a home directory with mode 700): it gets the directory handed over open, as file descriptor 3, and PostgreSQL
 * knows it as /proc/self/fd/3.
 */
export class EmbeddedPostgres {
  readonly socketDirectory: string;
  readonly #options: EmbeddedPostgresOptions;
  readonly #binaries: PostgresBinaries;
  readonly #user: UnixUser | undefined;
  #running: ManagedProcess | undefined;

  private constructor(
    options: EmbeddedPostgresOptions,
    binaries: PostgresBinaries,
    user: UnixUser | undefined,
    socketDirectory: string,
  ) {
    this.#options = options;
    this.#binaries = binaries;
    this.#user = user;
    this.socketDirectory = socketDirectory;
  }

  /**
   * Finds the binaries and makes the cluster unless it is there; starts nothing.
   * @throws StartError when it can't run here or the data directory isn't ours to open
   */
  static async prepare(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const { dataDirectory } = options;
    mkdirSync(path.dirname(dataDirectory), { recursive: true });
    const user = postgresUser(dataDirectory);
    const binaries = await locateBinaries(user);
    const socketDirectory = makeSocketDirectory('pg', user);
    try {
      initialiseCluster({
        dataDirectory,
        binaries,
        user,
        superuserPassword: options.superuserPassword,
        scratchDirectory: socketDirectory,
        durable: options.durable ?? true,
        log: options.log,
      });
    } catch (error) {
      removeSocketDirectory(socketDirectory);
      throw error;
    }
    return new EmbeddedPostgres(options, binaries, user, socketDirectory);
  }

  /** A connection address that node-postgres and libpq (psql, pg_dump) both understand. */
  url(login: DatabaseLogin): string {
    const [user, password, database] = [login.user, login.password, login.database].map(encodeURIComponent);
    return `postgresql://${user}:${password}@/${database}?host=${encodeURIComponent(this.socketDirectory)}`;
  }

  get superuserUrl(): string {
    return this.url({ user: 'postgres', password: this.#options.superuserPassword, database: 'postgres' });
  }

  /** How to run it, for a supervisor. */
  get spec(): ProcessSpec {
    const { dataDirectory, durable = true, settings = {}, log } = this.#options;
    const user = this.#user;
    const effective = {
      listen_addresses: '',
      unix_socket_directories: this.socketDirectory,
      unix_socket_permissions: '0700',
      timezone: 'UTC',
      log_timezone: 'UTC',
      max_connections: '200',
      ...(durable ? {} : VOLATILE),
      ...settings,
    };
    const flags = Object.entries(effective).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return {
      name: 'postgres',
      command: this.#binaries.postgres,
      args: ['-D', user === undefined ? dataDirectory : OPEN_DIRECTORY, ...flags],
      // Its messages are read by people and by explainPostgresFailure: English, whatever the machine speaks.
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      cwd: '/',
      user,
      openDirectory: user === undefined ? undefined : dataDirectory,
      dieWithParent: this.#options.dieWithParent ?? false,
      beforeStart: async () => {
        restoreSocketDirectory(this.socketDirectory, user);
        await removeStalePostmaster(dataDirectory, log);
      },
      isIntact: () => existsSync(path.join(this.socketDirectory, SOCKET_FILE)),
      isReady: () => Promise.resolve(isReady(dataDirectory)),
      // Recovery after a crash replays the write-ahead log first.
      readyTimeoutMs: 120_000,
      stopSignal: 'SIGINT',
      stopTimeoutMs: 30_000,
      explainFailure: (lines) => explainPostgresFailure(lines, dataDirectory),
    };
  }

  /** Starts it without a supervisor. */
  async start(): Promise<void> {
    this.#running = await ManagedProcess.start(this.spec, { onLine: this.#options.log });
  }

  /** The process that serves, when it was started by start(). */
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

/** The last line of postmaster.pid is its state. Cheaper than a connection, and true from the first moment on. */
function isReady(dataDirectory: string): boolean {
  return /^ready\s*$/m.test(readIfThere(path.join(dataDirectory, 'postmaster.pid')) ?? '');
}
