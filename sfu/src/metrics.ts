import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the gauges read when they are scraped. */
export type MetricSources = {
  readonly rooms: () => number;
  readonly peers: () => number;
  readonly links: () => number;
  readonly workers: () => readonly { readonly index: number; readonly cpu: number; readonly rooms: number }[];
};

export type Metrics = {
  readonly registry: Registry;
  readonly requests: Counter<'name' | 'code'>;
  readonly requestSeconds: Histogram<'name'>;
  readonly workerDeaths: Counter;
  readonly malformedFrames: Counter;
  readonly linksRefused: Counter<'reason'>;
  readonly lostNotifications: Counter;
};

/** One registry a node, so that several nodes may live in one process. Names as Prometheus wants them: base units, `_total`. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];

  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('sfu_rooms', 'Rooms now', sources.rooms);
  gauge('sfu_peers', 'Peers now', sources.peers);
  gauge('sfu_links', 'Authenticated control links now', sources.links);
  gauge('sfu_workers', 'Workers that are up', () => sources.workers().length);
  new Gauge({
    name: 'sfu_worker_cpu',
    help: 'CPU use of a worker over the last second, 0 to 1 of a core',
    labelNames: ['worker'],
    registers,
    collect() {
      this.reset();
      for (const { index, cpu } of sources.workers()) this.set({ worker: index }, cpu);
    },
  });
  new Gauge({
    name: 'sfu_worker_rooms',
    help: 'Rooms on a worker',
    labelNames: ['worker'],
    registers,
    collect() {
      this.reset();
      for (const { index, rooms } of sources.workers()) this.set({ worker: index }, rooms);
    },
  });

  return {
    registry,
    requests: new Counter({
      name: 'sfu_requests_total',
      help: 'Requests of the control link by outcome',
      labelNames: ['name', 'code'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'sfu_request_seconds',
      help: 'Time from a request to its answer',
      labelNames: ['name'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    workerDeaths: new Counter({ name: 'sfu_worker_deaths_total', help: 'Workers that died', registers }),
    malformedFrames: new Counter({
      name: 'sfu_malformed_frames_total',
      help: 'Frames that no request came of',
      registers,
    }),
    linksRefused: new Counter({
      name: 'sfu_links_refused_total',
      help: 'Links closed before or for lack of authentication',
      labelNames: ['reason'],
      registers,
    }),
    lostNotifications: new Counter({
      name: 'sfu_lost_notifications_total',
      help: 'Notifications for a replica without a link',
      registers,
    }),
  };
}
