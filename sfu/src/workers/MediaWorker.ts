import { createWorker, type types as mediasoup } from 'mediasoup';
import type { Logger } from 'pino';
import { inBackground } from '../inBackground.ts';
import { mediaCodecs } from '../media/mediaCodecs.ts';

export type MediaWorkerOptions = {
  /** Which of the node's workers: decides its port. */
  readonly index: number;
  readonly listenIp: string;
  readonly announcedAddress: string | undefined;
  /** UDP and TCP port of this worker's WebRtcServer; 0: any free ones. */
  readonly port: number;
  readonly workerBin: string | undefined;
  readonly logger: Logger;
};

/** Probes in a row without an answer after which the worker process counts as hanging. One probe a second. */
const HANGING_AFTER_PROBES = 4;

/**
 * One mediasoup worker process with its WebRtcServer: all ICE, DTLS and RTP of its rooms go through one port.
 * Ends by `close()` or by `onDied`, never both.
 */
export class MediaWorker {
  readonly index: number;
  readonly pid: number;
  readonly webRtcServer: mediasoup.WebRtcServer;
  readonly startedAt: number;
  readonly #worker: mediasoup.Worker;
  readonly #logger: Logger;
  readonly #onDied: () => void;
  #routers = 0;
  #cpu = 0;
  #usage: { at: number; cpuMs: number } | undefined;
  #probing = false;
  #unanswered = 0;

  private constructor(
    options: MediaWorkerOptions,
    worker: mediasoup.Worker,
    webRtcServer: mediasoup.WebRtcServer,
    onDied: (worker: MediaWorker) => void,
  ) {
    this.index = options.index;
    this.pid = worker.pid;
    this.webRtcServer = webRtcServer;
    this.startedAt = performance.now();
    this.#worker = worker;
    this.#logger = options.logger.child({ worker: options.index, workerPid: worker.pid });
    this.#onDied = () => {
      this.#worker.off('died', this.#onDied);
      onDied(this);
    };
    worker.on('died', this.#onDied);
  }

  /**
   * Starts the process and binds its ports.
   *
   * @throws Error when the binary doesn't run or the port is taken
   */
  static async start(options: MediaWorkerOptions, onDied: (worker: MediaWorker) => void): Promise<MediaWorker> {
    const worker = await createWorkerWithoutSignalHandlers({
      logLevel: 'warn',
      ...(options.workerBin === undefined ? {} : { workerBin: options.workerBin }),
    });
    try {
      const listen = {
        ip: options.listenIp,
        ...(options.announcedAddress === undefined ? {} : { announcedAddress: options.announcedAddress }),
        ...(options.port === 0 ? {} : { port: options.port }),
      };
      const webRtcServer = await worker.createWebRtcServer({
        listenInfos: [
          { protocol: 'udp', ...listen },
          { protocol: 'tcp', ...listen },
        ],
      });
      return new MediaWorker(options, worker, webRtcServer, onDied);
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  /** Rooms on this worker, those being created included. */
  get rooms(): number {
    return this.#routers;
  }

  /** Share of one core used over the last second, 0–1. */
  get cpu(): number {
    return this.#cpu;
  }

  /** @throws Error of mediasoup when the worker died meanwhile */
  async createRouter(): Promise<mediasoup.Router> {
    // Counted before it exists, so that rooms created in one instant spread over the workers.
    this.#routers += 1;
    try {
      const router = await this.#worker.createRouter({ mediaCodecs });
      router.observer.once('close', () => {
        this.#routers -= 1;
      });
      return router;
    } catch (error) {
      this.#routers -= 1;
      throw error;
    }
  }

  /**
   * Asks the process for its CPU time, and kills it when it has not answered for some seconds or cannot be asked at
   * all: such a worker is worse than a dead one, whose rooms are placed anew at once.
   *
   * @param nodeStalled this process itself has just been held up, so silence proves nothing
   */
  probe(nodeStalled: boolean): void {
    if (this.#worker.closed) return;
    if (!this.#probing) {
      inBackground(this.#measure(), this.#logger);
      return;
    }
    this.#unanswered = nodeStalled ? 0 : this.#unanswered + 1;
    if (this.#unanswered < HANGING_AFTER_PROBES) return;
    this.#logger.error({ probes: this.#unanswered }, 'worker hangs');
    this.#kill();
  }

  /** Ends the process and all its rooms. */
  close(): void {
    this.#worker.off('died', this.#onDied);
    this.#worker.close();
  }

  /** Its death is then handled like any other. */
  #kill(): void {
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch (error) {
      // It ended by itself in this instant; 'died' follows either way.
      this.#logger.warn({ err: error }, 'worker was already gone');
    }
  }

  async #measure(): Promise<void> {
    this.#probing = true;
    try {
      const usage = await this.#worker.getResourceUsage();
      const now = performance.now();
      const cpuMs = usage.ru_utime + usage.ru_stime;
      if (this.#usage !== undefined) {
        const elapsed = Math.max(1, now - this.#usage.at);
        this.#cpu = Math.min(1, Math.max(0, (cpuMs - this.#usage.cpuMs) / elapsed));
      }
      this.#usage = { at: now, cpuMs };
      this.#unanswered = 0;
    } catch (error) {
      if (this.#worker.closed) return;
      // The request didn't even leave: mediasoup's channel to the process is broken, and with it every room there.
      this.#logger.error({ err: error }, 'worker can no longer be spoken to');
      this.#kill();
    } finally {
      this.#probing = false;
    }
  }
}

/**
 * mediasoup hooks SIGINT and SIGTERM of the whole process to close each worker at once. Here SIGTERM means: drain
 * first. So the handlers it just added are taken off again.
 */
async function createWorkerWithoutSignalHandlers(settings: mediasoup.WorkerSettings): Promise<mediasoup.Worker> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  const starting = createWorker(settings);
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (before[index]?.has(listener) !== true) process.off(signal, listener);
    }
  });
  return starting;
}
