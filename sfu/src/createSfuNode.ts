import { randomUUID } from 'node:crypto';
import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import type { NodeAnnouncement } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import { Announcer } from './Announcer.ts';
import type { SfuConfig } from './config.ts';
import { ControlServer } from './link/ControlServer.ts';
import { LinkRegistry } from './link/LinkRegistry.ts';
import { inBackground } from './inBackground.ts';
import { LineTests } from './lineTests/LineTests.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { Recordings } from './recording/Recordings.ts';
import { dispatch } from './requests/dispatch.ts';
import { PeerMonitor } from './rooms/PeerMonitor.ts';
import { RoomRegistry } from './rooms/RoomRegistry.ts';
import { WorkerPool } from './workers/WorkerPool.ts';

export type SfuNode = {
  readonly incarnation: string;
  /** Address of the control link as announced, e.g. `ws://10.0.0.5:4443`. */
  readonly controlUrl: string;
  readonly metrics: Metrics;
  /** Process ids of the workers that are up, by index. */
  readonly workerPids: () => readonly number[];
  /** Process ids of the recording programs that run. */
  readonly recorderPids: () => readonly number[];
  /**
   * Takes no new rooms, tells everybody, waits until the rooms have been moved away or the deadline has come (then it
   * closes them with `drain`), and ends the node. Calling it again awaits the same end.
   */
  readonly drain: () => Promise<void>;
  /** Ends the node at once; idempotent. */
  readonly close: () => Promise<void>;
  /** Resolves when the node has ended, for whatever reason. */
  readonly ended: Promise<void>;
};

/** The request that emptied a draining node is still to be answered when the last room closes. Milliseconds. */
const DRAIN_LINGER_MS = 200;

/**
 * Puts a media node together and starts it: workers, control port, announcements.
 *
 * @throws Error when a worker doesn't start or a port is taken
 */
export async function createSfuNode(config: SfuConfig, logger: Logger): Promise<SfuNode> {
  const incarnation = randomUUID();
  let drainDeadline: number | undefined;

  const metrics = createMetrics({
    rooms: () => rooms.rooms.length,
    peers: () => rooms.peerCount,
    links: () => links.size,
    workers: () => pool.workers,
  });
  const pool = await WorkerPool.start(config, logger, () => {
    metrics.workerDeaths.inc();
  });
  const links = new LinkRegistry(() => {
    metrics.lostNotifications.inc();
  });
  const rooms = new RoomRegistry({ pool, bitrates: config.bitrates, notifier: links, logger });
  const lineTests = new LineTests(pool, config.bitrates);
  const recordings = new Recordings({
    config: config.recording,
    links,
    node: { nodeId: config.nodeId, incarnation },
    logger,
  });
  const monitor = new PeerMonitor({
    rooms: () => rooms.rooms,
    notifier: links,
    ghostAfterMs: config.ghostAfterMs,
    maxIncomingBitrate: config.bitrates.maxIncoming,
    logger,
    now: () => performance.now(),
  });

  const startDraining = (): void => {
    inBackground(drain(), logger);
  };
  const drainNotice = (deadline: number) => ({ remainingMs: Math.max(0, Math.round(deadline - performance.now())) });
  const server = await listenOrClosePool(pool, monitor, () =>
    ControlServer.listen({
      host: config.control.host,
      port: config.control.port,
      nodeId: config.nodeId,
      incarnation,
      secret: config.linkSecret,
      links,
      metrics,
      logger,
      answer: (replicaId, name, data) =>
        dispatch(name, data, { replicaId, rooms, lineTests, recordings, startDraining }, metrics, logger),
      onLinked: (replicaId) => {
        if (drainDeadline !== undefined) links.notify(replicaId, 'node:draining', drainNotice(drainDeadline));
      },
      health: () => ({
        healthy: pool.workers.length > 0,
        body: { nodeId: config.nodeId, workers: pool.workers.length, draining: drainDeadline !== undefined },
      }),
    }),
  );

  const host = config.control.announcedHost.includes(':')
    ? `[${config.control.announcedHost}]`
    : config.control.announcedHost;
  const controlUrl = `ws://${host}:${server.port}`;
  const describe = (): NodeAnnouncement => ({
    nodeId: config.nodeId,
    controlUrl,
    incarnation,
    workers: pool.workers.length,
    rooms: rooms.rooms.length,
    peers: rooms.peerCount,
    load: pool.load,
    draining: drainDeadline !== undefined,
    announcedAt: new Date().toISOString(),
  });
  const announcer =
    config.redisUrl === undefined ? undefined : new Announcer({ redisUrl: config.redisUrl, logger, describe });

  let draining: Promise<void> | undefined;
  const drain = (): Promise<void> => (draining ??= drainOnce());
  const drainOnce = async (): Promise<void> => {
    drainDeadline = performance.now() + config.drainDeadlineMs;
    logger.info({ rooms: rooms.rooms.length }, 'draining');
    rooms.startDraining();
    links.broadcast('node:draining', drainNotice(drainDeadline));
    await announcer?.announce();
    const { promise: deadline, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, config.drainDeadlineMs);
    await Promise.race([rooms.empty(), deadline, ended.promise]);
    clearTimeout(timer);
    rooms.closeAll('drain');
    await Promise.race([setTimeoutAsync(DRAIN_LINGER_MS), ended.promise]);
    await close();
  };

  const ended = Promise.withResolvers<void>();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeOnce());
  const closeOnce = async (): Promise<void> => {
    monitor.close();
    // The announcement first: nobody is to be sent here any more.
    await announcer?.close();
    lineTests.closeAll();
    // Before the rooms and the links: what was taken is told of.
    await recordings.close();
    rooms.closeAll('closed');
    await server.close();
    pool.close();
    logger.info('media node ended');
    ended.resolve();
  };

  return {
    incarnation,
    controlUrl,
    metrics,
    workerPids: () => pool.workers.map(({ pid }) => pid),
    recorderPids: () => recordings.pids,
    drain,
    close,
    ended: ended.promise,
  };
}

/** A node whose control port is taken must not leave its workers behind. */
async function listenOrClosePool<T>(pool: WorkerPool, monitor: PeerMonitor, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    monitor.close();
    pool.close();
    throw error;
  }
}
