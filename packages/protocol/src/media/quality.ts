import { z } from 'zod';
import { PeerId } from '../common/ids.ts';
import { Role } from '../common/roles.ts';
import { Instant } from '../common/values.ts';
import { CallMediaMode, GuestKind } from '../states/call.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0).max(1_000_000);
const milliseconds = z.int().min(0).max(30_000);

/** What one participant's browser saw of the connection over some seconds. */
export const CallSample = z.object({
  /** End of the span, by the server's clock. */
  at: Instant,
  seconds: z.int().min(1).max(60),
  /** What the participant itself showed. */
  mode: CallMediaMode,
  /** E-model MOS of the received voice (ITU-T G.107); null while nothing was heard. */
  mos: z.number().min(1).max(4.5).nullable(),
  /** Lost ÷ expected packets, the worse of both directions. */
  lossRate: share,
  /** Concealed ÷ played audio samples. */
  concealedRate: share,
  roundTripMs: milliseconds.nullable(),
  jitterMs: milliseconds.nullable(),
  sendKbps: count,
  receiveKbps: count,
  sendFps: z.int().min(0).max(240).nullable(),
  receiveFps: z.int().min(0).max(240).nullable(),
  /** Lines of the largest picture received. */
  receiveHeight: z.int().min(0).max(10_000).nullable(),
  /** Freezes of the received picture within the span, and their time. */
  freezes: z.int().min(0).max(10_000),
  freezeMs: z.int().min(0).max(600_000),
});
export type CallSample = z.infer<typeof CallSample>;

/** The rungs of the recovery ladder, and what else the record should tell. */
export const RecoveryStage = z.enum([
  'signal-lost',
  'signal-back',
  'attach',
  'media-lost',
  'restart-ice',
  'rejoin',
  'room-moved',
  'video-stills',
  'video-suspended',
  'video-resumed',
  'media-back',
  'gave-up',
]);
export type RecoveryStage = z.infer<typeof RecoveryStage>;

/** One step of a recovery. */
export const CallStep = z.object({
  stage: RecoveryStage,
  /** By the server's clock. */
  at: Instant,
  /** Since the trouble began that the step belongs to. */
  sinceLossMs: z.int().min(0),
  /** A code, e.g. of the error that led to the step; never a free text. */
  detail: z
    .string()
    .regex(/^[\w.:-]{1,60}$/)
    .nullable(),
});
export type CallStep = z.infer<typeof CallStep>;

/** What one browser tells at once; it keeps the rest until the socket is back. */
export const MOST_SAMPLES = 60;
export const MOST_STEPS = 100;

/** How the call was for one participant. */
export const CallSide = z.object({
  peerId: PeerId,
  role: Role,
  /** Came by a link, as whom; null: staff. */
  guest: GuestKind.nullable(),
  name: z.string(),
  /** From media events: from when until when in the room; `to` null: still there. */
  presence: z.array(z.object({ from: Instant, to: Instant.nullable() })),
  /** Median MOS of what was heard, each sample weighing as long as it spans. */
  medianMos: z.number().nullable(),
  samples: z.array(CallSample),
  steps: z.array(CallStep),
});
export type CallSide = z.infer<typeof CallSide>;

export const CallRecord = z.object({
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  sides: z.array(CallSide),
});
export type CallRecord = z.infer<typeof CallRecord>;

/**
 * A call counts as good when each side heard the other with this MOS or better for at least half of the time:
 * ITU-T G.107 annex B, the bound (R = 70) below which "many users are dissatisfied".
 */
export const GOOD_MOS = 3.6;
