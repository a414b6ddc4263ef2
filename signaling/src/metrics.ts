import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics of one replica. A registry of its own, so that several applications fit into one test process. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'signaling_' });
  const registers = [registry];
  return {
    registry,
    sockets: new Gauge({
      name: 'signaling_sockets',
      help: 'Connected sockets by face',
      labelNames: ['face'],
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'signaling_http_seconds',
      help: 'HTTP latency by procedure and status',
      labelNames: ['procedure', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    socketSeconds: new Histogram({
      name: 'signaling_socket_request_seconds',
      help: 'Latency of socket requests by name and outcome',
      labelNames: ['name', 'outcome'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
    joins: new Counter({ name: 'signaling_room_joins_total', help: 'Room joins', labelNames: ['outcome'], registers }),
    joinSeconds: new Histogram({
      name: 'signaling_room_join_seconds',
      help: 'room:join from request to answer',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    rooms: new Gauge({ name: 'signaling_rooms', help: 'Rooms with a peer attached to this replica', registers }),
    peers: new Gauge({ name: 'signaling_peers', help: 'Peers attached to this replica', registers }),
    queueLength: new Gauge({ name: 'signaling_queue_waiting', help: 'Entries waiting, all queues', registers }),
    recordingGaps: new Counter({
      name: 'signaling_recording_gaps_total',
      help: 'Participants of a recorded call that were not recorded for a while, by reason',
      labelNames: ['reason'],
      registers,
    }),
    jobLagSeconds: new Histogram({
      name: 'signaling_job_lag_seconds',
      help: 'Start of a job after it was due',
      labelNames: ['kind'],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
      registers,
    }),
    jobFailures: new Counter({
      name: 'signaling_job_failures_total',
      help: 'Job attempts that failed',
      labelNames: ['kind'],
      registers,
    }),
    outboxLagSeconds: new Gauge({
      name: 'signaling_outbox_lag_seconds',
      help: 'Age of the last outbox row when it was emitted',
      registers,
    }),
    auditUnsealed: new Gauge({ name: 'signaling_audit_unsealed', help: 'Audit rows not yet in the chain', registers }),
    auditSealLagSeconds: new Gauge({
      name: 'signaling_audit_seal_lag_seconds',
      help: 'Age of the oldest unsealed audit row',
      registers,
    }),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
