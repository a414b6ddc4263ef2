import { z } from 'zod';
import { AppErrorBody } from '../common/errors.ts';

/**
 * Frames of the control link. Authentication comes first and in both directions: the node sends `hello` with a nonce,
 * the replica answers `authenticate` with HMAC-SHA256(secret, nodeNonce ‖ replicaId) and a nonce of its own, the node
 * answers `welcome` with HMAC-SHA256(secret, replicaNonce ‖ nodeId). The secret never travels.
 */
export const LinkFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), nodeId: z.string(), incarnation: z.uuid(), nonce: z.string().min(32) }),
  z.object({ type: z.literal('authenticate'), replicaId: z.uuid(), nonce: z.string().min(32), proof: z.string() }),
  z.object({ type: z.literal('welcome'), proof: z.string() }),
  z.object({ type: z.literal('ping'), sequence: z.int() }),
  z.object({ type: z.literal('pong'), sequence: z.int() }),
  z.object({ type: z.literal('request'), requestId: z.int(), name: z.string(), data: z.unknown() }),
  z.object({ type: z.literal('response'), requestId: z.int(), ok: z.literal(true), data: z.unknown() }),
  z.object({ type: z.literal('failure'), requestId: z.int(), ok: z.literal(false), error: AppErrorBody }),
  z.object({ type: z.literal('notification'), name: z.string(), data: z.unknown() }),
]);
export type LinkFrame = z.infer<typeof LinkFrame>;

/** The link pings each 500 ms; no pong for this long means the node hangs. Milliseconds. */
export const LINK_HEARTBEAT_INTERVAL_MS = 500;
export const LINK_DEAD_AFTER_MS = 2_000;
