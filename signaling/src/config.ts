import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const MIB = 1024 * 1024;
const seconds = (fallback: number) => z.coerce.number().positive().default(fallback);
const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((value) => value === '1');

const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default('0.0.0.0'),
  DATABASE_URL: z.string().min(1),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(20),
  REDIS_URL: z.string().min(1),
  /** Prefix of this deployment's keys in Redis. */
  REDIS_PREFIX: z.string().default('ch'),
  DATA_DIR: z.string().min(1),
  SECRETS_FILE: z.string().min(1),
  REPLICA_ID: z.uuid().default(() => randomUUID()),
  /** Origins that may send cookies here, comma-separated; empty: the request's own host. */
  PUBLIC_ORIGIN: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    ),
  TRUSTED_PROXIES: z.string().default(''),
  /** The proxy in front speaks HTTPS with the browsers: cookies are Secure although we serve plain HTTP. */
  TLS_BEHIND_PROXY: flag,
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  WEB_ROOT_CLINIC: z.string().optional(),
  WEB_ROOT_DOCTOR: z.string().optional(),
  DEMO_DISTRICT: flag,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Channels beside the inbox, comma-separated: aliyun-sms, tencent-sms, smtp. */
  CHANNELS: z.string().default(''),
  TURN_URLS: z.string().default(''),
  /** Control links of media nodes known without Redis, comma-separated, e.g. `ws://10.0.0.5:4443`. */
  SFU_STATIC_NODES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((url) => url.trim())
        .filter((url) => url !== ''),
    )
    .pipe(z.array(z.url({ protocol: /^wss?$/ }))),
  /** Timers, shortened by tests. */
  HOLD_SECONDS: seconds(300),
  /** How long somebody on the waiting list has to take a released slot. */
  WAITLIST_OFFER_SECONDS: seconds(900),
  RING_SECONDS: seconds(45),
  /** Everyone gone for this long parks a running call. */
  PARK_AFTER_SECONDS: seconds(120),
  /** A participant without socket and without media is closed in the media node after this. */
  PEER_GRACE_SECONDS: seconds(45),
  INTERRUPT_AFTER_SECONDS: seconds(86_400),
  NO_SHOW_AFTER_SECONDS: seconds(1_800),
  /** After somebody's start (or arrival) without their specialist: the coordinator is alerted, then everybody is told. */
  LATE_ALERT_SECONDS: seconds(300),
  LATE_TELL_SECONDS: seconds(600),
  LOGIN_CODE_SECONDS: seconds(600),
  LOGIN_CODE_RESEND_SECONDS: seconds(60),
  /** How long after it was sent a helper's link may be opened first. */
  HELPER_LINK_SECONDS: seconds(86_400),
  /** How long a guest's link into a call may stay unopened. */
  GUEST_LINK_SECONDS: seconds(900),
  OUTBOX_POLL_SECONDS: seconds(0.1),
  SWEEP_SECONDS: seconds(5),
  SEAL_SECONDS: seconds(1),
  /** How many days ahead can be booked, today included. */
  BOOKING_WINDOW_DAYS: z.coerce.number().int().min(1).max(60).default(14),
  /** Of one person: bookings ahead, on one day, with one specialist. */
  MAX_ACTIVE_BOOKINGS: z.coerce.number().int().min(1).default(3),
  MAX_BOOKINGS_PER_DAY: z.coerce.number().int().min(1).default(2),
  MAX_BOOKINGS_PER_SPECIALIST: z.coerce.number().int().min(1).default(2),
  /** No recording is kept for less than three years. */
  RECORDING_RETENTION_YEARS: z.coerce.number().int().min(3).max(100).default(3),
  /** Puts films together. */
  FFMPEG: z.string().min(1).default('ffmpeg'),
  /** A film is put together so long after the recording's end at the earliest: its last segments are on their way. */
  RECORDING_SETTLE_SECONDS: z.coerce.number().min(0).default(15),
  /** Films are put together while the machine's load, a core, is below this. */
  RECORDING_COMPOSE_LOAD: z.coerce.number().min(0).default(0.7),
  /** Consultations that one terminal manages in an hour: a clinic's fuller hour is marked. */
  TERMINAL_VISITS_PER_HOUR: z.coerce.number().int().min(1).default(4),
  MAX_WAITLIST_ENTRIES: z.coerce.number().int().min(1).default(3),
  /** So long before the start residents can no longer cancel or move by themselves. */
  CHANGE_CUTOFF_SECONDS: seconds(3_600),
  PHONE_CHECK_IN_SECONDS: seconds(1_800),
  /** Largest file beside a consultation, and all files of one visit together. */
  UPLOAD_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(50 * MIB),
  UPLOAD_MAX_VISIT_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(500 * MIB),
  /** Of the disk under DATA_DIR no file may take this last part. */
  UPLOAD_RESERVE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(256 * MIB),
  /** An upload of which nothing came for so long is given up. */
  UPLOAD_ABANDON_SECONDS: seconds(86_400),
  /** Requests a minute and address before sign-in; generous, since a clinic's terminals share one address. */
  SIGN_IN_RATE_PER_MINUTE: z.coerce.number().int().min(1).default(120),
  /** Sockets of strangers and residents from one address; staff and terminals are not counted. */
  SOCKETS_PER_ADDRESS: z.coerce.number().int().min(1).default(1_000),
});

const Secrets = z.object({
  sessionSecret: z.string().min(32),
  linkSecret: z.string().min(32),
  /** 32 bytes, base64. */
  identityKey: z.string().min(43),
  /** 32 bytes, base64: files are encrypted with keys derived from it. */
  fileKey: z.string().min(43),
  /** Ed25519 private keys, PKCS#8 PEM. */
  auditSigningKey: z.string().includes('PRIVATE KEY'),
  reportSigningKey: z.string().includes('PRIVATE KEY'),
  turnSecret: z.string().min(16),
  /** Keys and settings of the configured channels by their name; each adapter reads its own. */
  channels: z.record(z.string(), z.json()).default({}),
});
export type Secrets = z.infer<typeof Secrets>;

export type Config = z.infer<typeof Environment> & { readonly secrets: Secrets };

/**
 * Reads the environment once. There are no default secrets: without a secrets file nothing starts.
 * @throws Error with one sentence naming what is missing or wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) throw new Error(`Configuration is wrong: ${z.prettifyError(parsed.error)}`);
  let text: string;
  try {
    text = readFileSync(parsed.data.SECRETS_FILE, 'utf8');
  } catch (error) {
    throw new Error(`The secrets file ${parsed.data.SECRETS_FILE} can't be read.`, { cause: error });
  }
  const secrets = Secrets.safeParse(JSON.parse(text));
  if (!secrets.success) throw new Error(`The secrets file is incomplete: ${z.prettifyError(secrets.error)}`);
  return { ...parsed.data, secrets: secrets.data };
}
