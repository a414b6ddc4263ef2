import { availableParallelism } from 'node:os';
import { NodeId } from '@cloud-hospital/protocol';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const milliseconds = z.coerce.number().int().min(1);
const bitsPerSecond = z.coerce.number().int().min(0);
/** An empty variable (`SFU_REDIS_URL=`) means the same as none. */
const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === '' ? undefined : value));

/** Every variable the media node reads. The link secret alone has no default. */
const Environment = z.object({
  SFU_NODE_ID: NodeId,
  SFU_CONTROL_HOST: z.string().min(1).default('127.0.0.1'),
  SFU_CONTROL_PORT: port.default(4443),
  SFU_CONTROL_ANNOUNCED_HOST: optionalText,
  SFU_RTC_LISTEN_IP: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
  SFU_RTC_ANNOUNCED_ADDRESS: optionalText,
  SFU_RTC_BASE_PORT: port.default(40_000),
  SFU_WORKERS: z.coerce.number().int().min(1).max(256).optional(),
  SFU_LINK_SECRET: z.string().min(32),
  SFU_REDIS_URL: optionalText,
  MEDIASOUP_WORKER_BIN: optionalText,
  SFU_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SFU_MAX_INCOMING_BITRATE: bitsPerSecond.default(6_000_000),
  SFU_INITIAL_OUTGOING_BITRATE: bitsPerSecond.default(600_000),
  SFU_MIN_OUTGOING_BITRATE: bitsPerSecond.default(50_000),
  SFU_GHOST_AFTER_MS: milliseconds.default(130_000),
  SFU_DRAIN_DEADLINE_MS: milliseconds.default(25_000),
  SFU_RECORDING_DIR: optionalText,
  SFU_RECORDING_RESERVE_BYTES: z.coerce.number().int().min(0).default(268_435_456),
  SFU_RECORDING_SEGMENT_MS: z.coerce.number().int().min(1_000).default(60_000),
  SFU_FFMPEG: z.string().min(1).default('ffmpeg'),
});

export type SfuConfig = {
  readonly nodeId: NodeId;
  /** Where the control link, `/metrics` and `/healthz` listen. Port 0: any free one. */
  readonly control: { readonly host: string; readonly port: number; readonly announcedHost: string };
  /** Worker `index` takes `basePort + index`, UDP and TCP. Base port 0: any free ones. */
  readonly rtc: {
    readonly listenIp: string;
    readonly announcedAddress: string | undefined;
    readonly basePort: number;
  };
  readonly workers: number;
  readonly workerBin: string | undefined;
  readonly linkSecret: string;
  readonly redisUrl: string | undefined;
  readonly logLevel: z.infer<typeof Environment>['SFU_LOG_LEVEL'];
  /** bit/s. */
  readonly bitrates: BitrateLimits;
  /** A peer without ICE and without a link for this long is closed. Milliseconds. */
  readonly ghostAfterMs: number;
  /** From the order to drain until what is left is cut. Milliseconds; below Kubernetes' 30 s of grace. */
  readonly drainDeadlineMs: number;
  /** Undefined: this node doesn't record. */
  readonly recording: RecordingConfig | undefined;
};

export type RecordingConfig = {
  /** The same as signaling's `DATA_DIR/recordings`. */
  readonly directory: string;
  /** Of the disk are left free. */
  readonly reserveBytes: number;
  /** A segment is closed behind this much, with the next cluster that begins with a key frame. */
  readonly segmentMs: number;
  readonly ffmpeg: string;
};

export type BitrateLimits = {
  /** What a send transport is asked to keep to; twice as much for some seconds closes the peer. */
  readonly maxIncoming: number;
  /** Where the estimate for a receiving peer starts: enough for a middle simulcast layer at once. */
  readonly initialOutgoing: number;
  /** Below this the estimate never falls, so that it can rise again. */
  readonly minOutgoing: number;
};

const WILDCARD_ADDRESSES = new Set(['0.0.0.0', '::']);

/**
 * Reads the media node's settings from the environment, once, at process start.
 *
 * @throws z.ZodError naming every variable that is missing or wrong
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): SfuConfig {
  const parsed = Environment.superRefine((value, context) => {
    // A wildcard can be listened on but never told to a browser or a replica.
    if (WILDCARD_ADDRESSES.has(value.SFU_RTC_LISTEN_IP) && value.SFU_RTC_ANNOUNCED_ADDRESS === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['SFU_RTC_ANNOUNCED_ADDRESS'],
        message: 'needed when SFU_RTC_LISTEN_IP is a wildcard',
      });
    }
    if (WILDCARD_ADDRESSES.has(value.SFU_CONTROL_HOST) && value.SFU_CONTROL_ANNOUNCED_HOST === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['SFU_CONTROL_ANNOUNCED_HOST'],
        message: 'needed when SFU_CONTROL_HOST is a wildcard',
      });
    }
  }).parse(environment);

  return {
    nodeId: parsed.SFU_NODE_ID,
    control: {
      host: parsed.SFU_CONTROL_HOST,
      port: parsed.SFU_CONTROL_PORT,
      announcedHost: parsed.SFU_CONTROL_ANNOUNCED_HOST ?? parsed.SFU_CONTROL_HOST,
    },
    rtc: {
      listenIp: parsed.SFU_RTC_LISTEN_IP,
      announcedAddress: parsed.SFU_RTC_ANNOUNCED_ADDRESS,
      basePort: parsed.SFU_RTC_BASE_PORT,
    },
    workers: parsed.SFU_WORKERS ?? availableParallelism(),
    workerBin: parsed.MEDIASOUP_WORKER_BIN,
    linkSecret: parsed.SFU_LINK_SECRET,
    redisUrl: parsed.SFU_REDIS_URL,
    logLevel: parsed.SFU_LOG_LEVEL,
    bitrates: {
      maxIncoming: parsed.SFU_MAX_INCOMING_BITRATE,
      initialOutgoing: parsed.SFU_INITIAL_OUTGOING_BITRATE,
      minOutgoing: parsed.SFU_MIN_OUTGOING_BITRATE,
    },
    ghostAfterMs: parsed.SFU_GHOST_AFTER_MS,
    drainDeadlineMs: parsed.SFU_DRAIN_DEADLINE_MS,
    recording:
      parsed.SFU_RECORDING_DIR === undefined
        ? undefined
        : {
            directory: parsed.SFU_RECORDING_DIR,
            reserveBytes: parsed.SFU_RECORDING_RESERVE_BYTES,
            segmentMs: parsed.SFU_RECORDING_SEGMENT_MS,
            ffmpeg: parsed.SFU_FFMPEG,
          },
  };
}
