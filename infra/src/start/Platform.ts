import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import { APPLICATION_ROLE, DATABASE_NAME, ensureDatabase, ensureRoles, OWNER_ROLE } from '../postgres/databaseRoles.ts';
import { EmbeddedPostgres } from '../postgres/EmbeddedPostgres.ts';
import { RedisServer } from '../redis/RedisServer.ts';
import { type ApplicationSecrets, ensureApplicationSecrets, ensureDatabaseSecrets } from '../secrets/ensureSecrets.ts';
import { sfuSpec, signalingSpec } from '../services/serviceSpecs.ts';
import type { ProcessSpec } from '../supervisor/ProcessSpec.ts';
import { Supervisor } from '../supervisor/Supervisor.ts';
import { ownAddress, reachableAddresses } from '../system/addresses.ts';
import { readIfThere } from '../system/files.ts';
import { findProgram } from '../system/packages.ts';
import { freePort, portProblem } from '../system/ports.ts';
import { removeSocketDirectory } from '../system/socketDirectory.ts';
import { StartError } from '../system/StartError.ts';
import { type Certificate, ensureCertificate } from './certificate.ts';
import type { DataDirectory } from './DataDirectory.ts';
import { haproxySpec } from './haproxy.ts';
import type { StartOptions } from './options.ts';
import { prepareDatabase } from './prepareDatabase.ts';
import { webRoot } from './webBuild.ts';

export interface PlatformParts {
  readonly options: StartOptions;
  readonly data: DataDirectory;
  readonly workerBin: string;
  readonly tell: (line: string) => void;
}

interface Stores {
  /** As the application. */
  readonly databaseUrl: string;
  /** As the owner of the schema. */
  readonly ownerUrl: string;
  readonly applicationRole: string;
  readonly redisUrl: string;
}

/** With several processes behind the proxy on loopback, its word on addresses counts, and nobody else's. */
const LOOPBACK = '127.0.0.1';
const MEDIA_BASE_PORT = 40_000;

/** All processes of one installation on this machine. */
export class Platform {
  readonly #parts: PlatformParts;
  readonly #supervisor: Supervisor;
  #postgres: EmbeddedPostgres | undefined;
  #redis: RedisServer | undefined;
  #replicaPorts: readonly number[] = [];
  #administratorCode: string | null = null;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
    this.#supervisor = new Supervisor({
      runDirectory: parts.data.file('run'),
      logDirectory: parts.data.file('logs'),
      tell: parts.tell,
    });
  }

  /** @throws StartError; what runs by then is left to `stop()` */
  async start(): Promise<void> {
    const { options, data, tell } = this.#parts;
    const leftovers = await this.#supervisor.endLeftovers();
    if (leftovers.length > 0) tell(`ended what an earlier run left behind: ${leftovers.join(', ')}`);
    this.#removeOldSockets();
    await assertPortFree(options);

    const secretsFile = data.file('secrets', 'application.json');
    const secrets = ensureApplicationSecrets(secretsFile);
    const certificate = options.https ? await ensureCertificate(data.file('tls'), reachableAddresses()) : undefined;
    const stores = await this.#startStores();
    const controlPorts = await freePorts(options.sfuNodes);
    await Promise.all([
      this.#supervisor.startStage(await this.#sfuSpecs(secrets, stores.redisUrl, controlPorts)),
      prepareDatabase({ ...stores, secretsFile, demo: !options.empty, tell, log: () => undefined }).then((code) => {
        this.#administratorCode = code;
        return this.#startSignaling({ ...stores, secretsFile, certificate, controlPorts });
      }),
    ]);
    await this.#startProxy(certificate);
  }

  /** One-time code for the first administrator of an installation that has none; null otherwise. */
  get administratorCode(): string | null {
    return this.#administratorCode;
  }

  /** Signaling first, the database last. Idempotent. */
  async stop(): Promise<void> {
    await this.#supervisor.stop();
    this.#postgres?.removeSockets();
    this.#redis?.removeSockets();
    rmSync(this.#socketNote, { force: true });
  }

  /** Where the sockets lie, for the next start to clean up in case that we are killed. */
  #noteSockets(directory: string): void {
    appendFileSync(this.#socketNote, `${directory}\n`, { mode: 0o600 });
  }

  get #socketNote(): string {
    return this.#parts.data.file('run', 'sockets');
  }

  #removeOldSockets(): void {
    for (const directory of (readIfThere(this.#socketNote) ?? '').split('\n')) removeSocketDirectory(directory);
    rmSync(this.#socketNote, { force: true });
  }

  kill(): void {
    this.#supervisor.kill();
  }

  /** PostgreSQL and Redis, unless they are elsewhere. */
  async #startStores(): Promise<Stores> {
    const { options, data, tell } = this.#parts;
    const log = (line: string): void => tell(line);
    const stores: ProcessSpec[] = [];
    let { databaseUrl, databaseOwnerUrl: ownerUrl, redisUrl } = options;
    let applicationRole = databaseUrl === undefined ? APPLICATION_ROLE : roleOf(databaseUrl);

    if (redisUrl === undefined) {
      this.#redis = RedisServer.prepare({ directory: data.file('redis'), log });
      redisUrl = this.#redis.url();
      stores.push(this.#redis.spec);
      this.#noteSockets(this.#redis.socketDirectory);
    }
    if (databaseUrl === undefined || ownerUrl === undefined) {
      const passwords = ensureDatabaseSecrets(data.file('secrets', 'database.json'));
      const { superuserPassword } = passwords;
      const postgres = await EmbeddedPostgres.prepare({ dataDirectory: data.file('postgres'), superuserPassword, log });
      this.#postgres = postgres;
      stores.push(postgres.spec);
      this.#noteSockets(postgres.socketDirectory);
      await this.#supervisor.startStage(stores);
      await ensureRoles(postgres.superuserUrl, passwords);
      await ensureDatabase(postgres.superuserUrl, DATABASE_NAME);
      const url = (user: string, password: string): string => postgres.url({ user, password, database: DATABASE_NAME });
      databaseUrl = url(APPLICATION_ROLE, passwords.applicationPassword);
      ownerUrl = url(OWNER_ROLE, passwords.ownerPassword);
      applicationRole = APPLICATION_ROLE;
    } else {
      await this.#supervisor.startStage(stores);
    }
    return { databaseUrl, ownerUrl, applicationRole, redisUrl };
  }

  async #sfuSpecs(
    secrets: ApplicationSecrets,
    redisUrl: string,
    controlPorts: readonly number[],
  ): Promise<ProcessSpec[]> {
    const { options, data, workerBin, tell } = this.#parts;
    const onLoopback = options.host === LOOPBACK || options.host === 'localhost';
    const address = options.mediaAddress ?? (onLoopback ? LOOPBACK : await ownAddress());
    const workers = Math.max(1, Math.floor(os.availableParallelism() / options.sfuNodes));
    const base = options.mediaBasePort ?? (await this.#defaultMediaPort(options.sfuNodes * workers, tell));
    return controlPorts.map((controlPort, index) =>
      sfuSpec({
        nodeId: `sfu-${index + 1}`,
        controlPort,
        redisUrl,
        linkSecret: secrets.linkSecret,
        workerBin,
        recordsInto: findProgram('ffmpeg') === undefined ? undefined : data.file('signaling'),
        env: {
          SFU_WORKERS: String(workers),
          SFU_RTC_BASE_PORT: String(base === 0 ? 0 : base + index * workers),
          SFU_RTC_LISTEN_IP: onLoopback ? LOOPBACK : '0.0.0.0',
          SFU_RTC_ANNOUNCED_ADDRESS: address,
          ...WITHHELD,
          // A media node knows rooms and peers: no database, no secret but its link's.
          DATABASE_URL: undefined,
          SECRETS_FILE: undefined,
        },
      }),
    );
  }

  /** Fixed ports, so that a firewall can be told about them; any other when somebody else has them. */
  async #defaultMediaPort(count: number, tell: (line: string) => void): Promise<number> {
    for (let port = MEDIA_BASE_PORT; port < MEDIA_BASE_PORT + count; port += 1) {
      if ((await portProblem(port, '0.0.0.0')) === undefined) continue;
      tell(`media port ${port} is taken: using any free ones (set MEDIA_BASE_PORT to choose)`);
      return 0;
    }
    return MEDIA_BASE_PORT;
  }

  async #startSignaling(parts: {
    readonly databaseUrl: string;
    readonly redisUrl: string;
    readonly secretsFile: string;
    readonly certificate: Certificate | undefined;
    /** Of the media nodes. */
    readonly controlPorts: readonly number[];
  }): Promise<void> {
    const { options, data } = this.#parts;
    const proxied = options.replicas > 1;
    this.#replicaPorts = proxied ? await freePorts(options.replicas) : [options.port];
    // Shared by the replicas: uploads and documents are the same whichever serves them.
    const dataDirectory = data.file('signaling');
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    await this.#supervisor.startStage(
      this.#replicaPorts.map((port, index) =>
        signalingSpec({
          ...parts,
          name: `signaling-${index + 1}`,
          host: proxied ? LOOPBACK : options.host,
          port,
          dataDirectory,
          certificate: proxied ? undefined : parts.certificate,
          env: {
            ...WITHHELD,
            REPLICA_ID: randomUUID(),
            WEB_ROOT_CLINIC: options.web ? webRoot('clinic-web') : undefined,
            WEB_ROOT_DOCTOR: options.web ? webRoot('doctor-web') : undefined,
            // Known from the start, so that calls don't wait for Redis to tell, nor end when it dies.
            SFU_STATIC_NODES: parts.controlPorts.map((sfu) => `ws://${LOOPBACK}:${sfu}`).join(','),
            DEMO_DISTRICT: options.empty ? '0' : '1',
            ...(proxied ? { TRUSTED_PROXIES: 'loopback' } : {}),
            ...(proxied && parts.certificate !== undefined ? { TLS_BEHIND_PROXY: '1' } : {}),
          },
        }),
      ),
    );
  }

  /** In front of several replicas; a single one listens itself. */
  async #startProxy(certificate: Certificate | undefined): Promise<void> {
    const { options, data } = this.#parts;
    if (options.replicas === 1) return;
    const { port, host } = options;
    const configFile = data.file('run', 'haproxy.cfg');
    await this.#supervisor.startStage([
      haproxySpec({ host, port, replicaPorts: this.#replicaPorts, certificate, configFile }),
    ]);
  }
}

/** Variables of ours that the children must not inherit: the owner's login would let the application rewrite the audit. */
const WITHHELD = { DATABASE_OWNER_URL: undefined } as const;

const freePorts = (count: number): Promise<number[]> => Promise.all(Array.from({ length: count }, () => freePort()));

const roleOf = (databaseUrl: string): string => {
  const role = URL.canParse(databaseUrl) ? decodeURIComponent(new URL(databaseUrl).username) : '';
  if (role !== '') return role;
  throw new StartError('DATABASE_URL must name a user: postgresql://user:password@host/database.');
};

async function assertPortFree({ port, host }: StartOptions): Promise<void> {
  switch (await portProblem(port, host)) {
    case undefined:
      return;
    case 'EADDRINUSE':
      throw new StartError(
        `Port ${port} is in use by another program: stop it, or choose another port (PORT=8090 npm start).`,
      );
    case 'EACCES':
      throw new StartError(`Port ${port} needs root: choose one above 1023 (PORT=8080 npm start).`);
    default:
      throw new StartError(`Nothing can listen on ${host}, port ${port}: check HOST and PORT.`);
  }
}
