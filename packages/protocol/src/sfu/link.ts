import { z } from 'zod';
import { AppErrorBody } from '../common/errors.schemas.ts';

/**
 * Frames of the control link. Authentication comes first and in both directions: the node sends `hello` with a nonce,
 * the replica answers `authenticate` with HMAC-SHA256(secret, nodeNonce ‖ replicaId) and a nonce of its own, the node
 * answers `welcome` with HMAC-SHA256(secret, replicaNonce ‖ nodeId). The secret never travels.
 * Secret and message are UTF-8, ‖ is plain concatenation, a proof is lowercase hex. A second link of the same replica
 * replaces the first and inherits its peers: notifications go to a replica, not to a connection.
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

/** Close codes of the link, besides WebSocket's own. */
export const LINK_CLOSE_CODE = {
  MALFORMED_FRAME: 4400,
  AUTHENTICATION_FAILED: 4401,
  HEARTBEAT_LOST: 4408,
  /** The same replica opened a newer link. */
  REPLACED: 4409,
  /** The other end reads too slowly: its share of memory is used up. */
  OVERLOADED: 4413,
} as const;
