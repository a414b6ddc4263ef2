import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openDatabase, type Db } from '../../signaling/src/store/database.ts';
import { violations } from '../support/careInvariants.ts';
import type { StackService } from '../support/StackService.ts';
import { startWebStackOn, type WebStack } from '../support/startWebStackOn.ts';
import { startTestServers, type RunningTestServers } from '../support/testServers.ts';
import { withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { ensureApplicationSecrets } from '../../infra/src/secrets/ensureSecrets.ts';
import { Coturn } from '../support/Coturn.ts';
import { FaultNetwork } from './network/FaultNetwork.ts';

export interface FaultSystemOptions {
  /** Two by default. */
  readonly sfuNodes?: number;
  /** More variables for the media nodes, given the address that browsers reach. */
  readonly sfuEnv?: (address: string) => Readonly<Record<string, string>>;
}

/** Two replicas, two media nodes, HAProxy, PostgreSQL and Redis of their own, reachable from the lines of a network. */
export class FaultSystem {
  readonly servers: RunningTestServers;
  readonly stack: WebStack;
  readonly network: FaultNetwork;
  readonly coturn: Coturn;
  readonly db: Db;

  private constructor(parts: Pick<FaultSystem, 'servers' | 'stack' | 'network' | 'coturn'>) {
    const { servers, stack, network, coturn } = parts;
    this.servers = servers;
    this.stack = stack;
    this.network = network;
    this.coturn = coturn;
    // Like any other client of it the connection may be lost with the server.
    this.db = openDatabase(
      { url: stack.database.superuserUrl, poolSize: 2, statementTimeoutMs: 5_000 },
      () => undefined,
    );
  }

  static async start(options: FaultSystemOptions = {}): Promise<FaultSystem> {
    await using undo = new AsyncDisposableStack();
    const network = await FaultNetwork.create(2);
    undo.defer(() => network.remove());
    const servers = await startTestServers();
    undo.defer(() => servers.stop());
    const { secretsFile, directory } = servers.servers;
    const coturn = await Coturn.start({
      address: network.address,
      peers: [network.address],
      secret: ensureApplicationSecrets(secretsFile).turnSecret,
      directory,
    });
    undo.defer(async () => void (await coturn.service.stop()));
    const stack = await startWebStackOn(servers.servers, {
      replicas: 2,
      sfuNodes: options.sfuNodes ?? 2,
      host: network.address,
      env: { LOG_LEVEL: 'warn', TURN_URLS: coturn.urls },
      sfuEnv: { SFU_RTC_LISTEN_IP: network.address, SFU_LOG_LEVEL: 'warn', ...options.sfuEnv?.(network.address) },
    });
    // A copied database has its sequences as pages in the log: a crash before the next checkpoint sets them back.
    await withClient(servers.servers.postgres.superuserUrl, (client) => client.query('CHECKPOINT'));
    undo.move();
    return new FaultSystem({ servers, stack, network, coturn });
  }

  replica(index: number): StackService {
    return at(this.stack.replicas, index);
  }

  node(index: number): StackService {
    return at(this.stack.sfuNodes, index);
  }

  get proxy(): StackService {
    const { proxy } = this.stack;
    if (proxy === undefined) throw new Error('no HAProxy');
    return proxy;
  }

  /** The replica with the most browsers of a call. */
  async busiestReplica(): Promise<StackService> {
    const peers = await Promise.all(this.stack.replicas.map(({ url }) => readGauge(url, 'signaling_sockets')));
    return this.replica((peers[1] ?? 0) > (peers[0] ?? 0) ? 1 : 0);
  }

  /** Peers that each media node has, whatever anybody believes; null where one can't be asked. */
  async peersAtNodes(): Promise<(number | null)[]> {
    return Promise.all(
      this.stack.sfuNodes.map(({ url }) => readGauge(url.replace(/^ws/, 'http'), 'sfu_peers').catch(() => null)),
    );
  }

  /** What each media node holds. */
  async countsAtNodes(): Promise<{ rooms: number; peers: number; links: number }[]> {
    return Promise.all(
      this.stack.sfuNodes.map(async ({ url }) => {
        const read = (name: string): Promise<number> => readGauge(url.replace(/^ws/, 'http'), name);
        const [rooms, peers, links] = await Promise.all([read('sfu_rooms'), read('sfu_peers'), read('sfu_links')]);
        return { rooms, peers, links };
      }),
    );
  }

  /** Which node the room of an encounter stands at by the database. */
  async homeOf(encounterId: string): Promise<StackService> {
    const { node_id } = await this.db
      .selectFrom('room')
      .select('node_id')
      .where('encounter_id', '=', encounterId)
      .executeTakeFirstOrThrow();
    const home = this.stack.sfuNodes.find(({ spec }) => spec.name === node_id);
    if (home === undefined) throw new Error(`the room stands at ${node_id}`);
    return home;
  }

  /** What is wrong in the database, by the invariants of care. */
  wrongs(): Promise<string[]> {
    return violations(this.db);
  }

  /** After a trial that went wrong: whatever doesn't run is started. */
  async heal(): Promise<void> {
    const { replicas, sfuNodes, redis } = this.stack;
    for (const line of this.network.lines) await line.restore();
    const { postgres } = this.servers;
    if (postgres.process?.running !== true) await postgres.start();
    if (redis.process?.running !== true) await redis.start();
    for (const service of [...sfuNodes, ...replicas, this.proxy]) {
      service.thaw();
      if (!service.running) await service.startAgain();
    }
  }

  async stop(): Promise<void> {
    await this.db.destroy();
    await this.stack.stop();
    await this.coturn.service.stop();
    await this.servers.stop();
    await this.network.remove();
  }
}

/** Polls until it is so. @returns the time it took, milliseconds @throws Error after `timeoutMs` */
export async function until(what: string, timeoutMs: number, holds: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - startedAt;
    if (performance.now() - startedAt > timeoutMs) throw new Error(`not within ${timeoutMs / 1_000} s: ${what}`);
    await sleep(40);
  }
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`there is no ${index}`);
  return found;
}

/** Sum over the labels of a metric. */
async function readGauge(url: string, name: string): Promise<number> {
  const text = z.string().parse(await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(1_500) })).text());
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
