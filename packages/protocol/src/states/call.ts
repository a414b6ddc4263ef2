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

/** A colleague asked into a running call, for their opinion (`consult`) or to go on with it in one's place (`transfer`). */
export const InvitationPurpose = z.enum(['consult', 'transfer']);
export type InvitationPurpose = z.infer<typeof InvitationPurpose>;
export const InvitationState = z.enum(['ringing', 'accepted', 'declined', 'unanswered', 'withdrawn', 'ended']);
export type InvitationState = z.infer<typeof InvitationState>;
/** `ringing → ended`: a transfer that was accepted; the colleague is the responsible one from then on. */
export const INVITATION_TRANSITIONS: TransitionTable<InvitationState> = {
  ringing: ['accepted', 'declined', 'unanswered', 'withdrawn', 'ended'],
  accepted: ['ended'],
  declined: [],
  unanswered: [],
  withdrawn: [],
  ended: [],
};
/** As whom somebody without an account takes part. */
export const GuestKind = z.enum(['family', 'interpreter']);
export type GuestKind = z.infer<typeof GuestKind>;

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
