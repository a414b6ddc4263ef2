import { z } from 'zod';
import type { TransitionTable } from './transitionTable.ts';

/** The call, per participant: three independent fields (phase, media mode, hold). */
export const CallPhase = z.enum(['idle', 'ringing', 'connecting', 'connected', 'reconnecting', 'ended']);
export type CallPhase = z.infer<typeof CallPhase>;
/** `ended → idle` starts the next call on the same screen; within one call `ended` is never left. */
export const CALL_PHASE_TRANSITIONS: TransitionTable<CallPhase> = {
  idle: ['ringing', 'connecting'],
  ringing: ['connecting', 'ended'],
  connecting: ['connected', 'reconnecting', 'ended'],
  connected: ['reconnecting', 'ended'],
  reconnecting: ['connected', 'connecting', 'ended'],
  ended: ['idle'],
};

export const CallMediaMode = z.enum(['video', 'stills', 'audio', 'phone']);
export type CallMediaMode = z.infer<typeof CallMediaMode>;

export const CallEndReason = z.enum([
  'hung-up',
  'finished',
  'declined',
  'no-answer',
  'cancelled',
  'parked',
  'removed',
  'revoked',
  'attached-elsewhere',
  'failed',
]);
export type CallEndReason = z.infer<typeof CallEndReason>;
