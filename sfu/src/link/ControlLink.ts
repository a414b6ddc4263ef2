import type { Result } from '@cloud-hospital/protocol';
import {
  LINK_CLOSE_CODE,
  LINK_DEAD_AFTER_MS,
  LINK_HEARTBEAT_INTERVAL_MS,
  LinkFrame,
} from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { inBackground } from '../inBackground.ts';
import { isProof, makeNonce, makeProof } from './proof.ts';

export type ControlLinkOptions = {
  readonly socket: WebSocket;
  readonly nodeId: string;
  readonly incarnation: string;
  readonly secret: string;
  readonly logger: Logger;
  /** Answers a request of this replica; never rejects. */
  readonly answer: (replicaId: string, name: string, data: unknown) => Promise<Result<unknown>>;
  readonly onAuthenticated: (link: ControlLink, replicaId: string) => void;
  readonly onRefused: (reason: 'proof' | 'timeout' | 'frame') => void;
  readonly onMalformedFrame: () => void;
  readonly onClosed: (link: ControlLink, replicaId: string | undefined) => void;
};

/** How long a socket may stay without proof. Milliseconds. */
const AUTHENTICATION_TIMEOUT_MS = 5_000;
/** What a replica that doesn't read may hold of this node's memory. Bytes. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** A frame that is a request but for its name or data: it can be answered. */
const AnswerableFrame = z.object({ type: z.literal('request'), requestId: z.int() });

/**
 * One WebSocket of one replica. Until both proofs have crossed nothing but the handshake is listened to; afterwards
 * requests run concurrently and are answered in whatever order they end.
 */
export class ControlLink {
  readonly #options: ControlLinkOptions;
  readonly #nonce = makeNonce();
  readonly #cleanup = new DisposableStack();
  #replicaId: string | undefined;
  #lastHeardAt = performance.now();
  #lastBeatAt = performance.now();
  #sequence = 0;
  #closed = false;

  constructor(options: ControlLinkOptions) {
    this.#options = options;
    this.#listen();
    this.send({ type: 'hello', nodeId: options.nodeId, incarnation: options.incarnation, nonce: this.#nonce });
  }

  get replicaId(): string | undefined {
    return this.#replicaId;
  }

  send(frame: LinkFrame): void {
    const { socket, logger } = this.#options;
    if (this.#closed || socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(frame));
    if (socket.bufferedAmount <= MAX_BUFFERED_BYTES) return;
    logger.warn({ replicaId: this.#replicaId, bytes: socket.bufferedAmount }, 'replica does not read: link cut');
    this.close(LINK_CLOSE_CODE.OVERLOADED, 'buffer full', true);
  }

  /**
   * Ends the link; idempotent.
   *
   * @param atOnce cuts the connection instead of waiting for the other end to agree: it wouldn't
   */
  close(code: number, reason: string, atOnce = false): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cleanup.dispose();
    const { socket, onClosed } = this.#options;
    // An emitter without a listener for 'error' throws it.
    socket.on('error', ignoreError);
    if (atOnce) socket.terminate();
    else socket.close(code, reason);
    onClosed(this, this.#replicaId);
  }

  #listen(): void {
    const { socket, onRefused } = this.#options;
    const onMessage = (data: RawData, isBinary: boolean): void => {
      this.#lastHeardAt = performance.now();
      const frame = isBinary ? undefined : parseJson(data);
      if (this.#replicaId === undefined) this.#authenticate(frame);
      else this.#receive(frame, this.#replicaId);
    };
    const onClose = (): void => {
      this.close(1000, '');
    };
    const onError = (error: Error): void => {
      // Oversized or invalid WebSocket frames end here; ws closes the socket by itself with the fitting code.
      this.#options.logger.warn({ replicaId: this.#replicaId, err: error }, 'link error');
    };
    socket.on('message', onMessage);
    socket.on('close', onClose);
    socket.on('error', onError);
    const beat = setInterval(() => {
      this.#beat();
    }, LINK_HEARTBEAT_INTERVAL_MS);
    const timeout = setTimeout(() => {
      if (this.#replicaId !== undefined) return;
      onRefused('timeout');
      this.close(LINK_CLOSE_CODE.AUTHENTICATION_FAILED, 'authentication timed out');
    }, AUTHENTICATION_TIMEOUT_MS);
    this.#cleanup.defer(() => {
      socket.off('message', onMessage);
      socket.off('close', onClose);
      socket.off('error', onError);
      clearInterval(beat);
      clearTimeout(timeout);
    });
  }

  #authenticate(candidate: unknown): void {
    const { secret, nodeId, onAuthenticated, onRefused } = this.#options;
    const parsed = LinkFrame.safeParse(candidate);
    if (!parsed.success || parsed.data.type !== 'authenticate') {
      onRefused('frame');
      this.close(LINK_CLOSE_CODE.AUTHENTICATION_FAILED, 'authenticate first');
      return;
    }
    const { replicaId, nonce, proof } = parsed.data;
    if (!isProof(proof, secret, this.#nonce, replicaId)) {
      onRefused('proof');
      this.close(LINK_CLOSE_CODE.AUTHENTICATION_FAILED, 'wrong proof');
      return;
    }
    this.#replicaId = replicaId;
    this.send({ type: 'welcome', proof: makeProof(secret, nonce, nodeId) });
    onAuthenticated(this, replicaId);
  }

  #receive(candidate: unknown, replicaId: string): void {
    const parsed = LinkFrame.safeParse(candidate);
    if (!parsed.success) {
      this.#refuse(candidate);
      return;
    }
    const frame = parsed.data;
    switch (frame.type) {
      case 'ping':
        this.send({ type: 'pong', sequence: frame.sequence });
        break;
      case 'pong':
        // That it was heard is all that matters.
        break;
      case 'request':
        inBackground(this.#answer(replicaId, frame.requestId, frame.name, frame.data), this.#options.logger);
        break;
      default:
        // Only the node says these.
        this.#refuse(candidate);
    }
  }

  async #answer(replicaId: string, requestId: number, name: string, data: unknown): Promise<void> {
    const result = await this.#options.answer(replicaId, name, data);
    if (result.ok) this.send({ type: 'response', requestId, ok: true, data: result.data });
    else this.send({ type: 'failure', requestId, ok: false, error: result.error });
  }

  /** Answers what can be answered; on anything else the two ends no longer understand each other. */
  #refuse(candidate: unknown): void {
    this.#options.onMalformedFrame();
    const answerable = AnswerableFrame.safeParse(candidate);
    if (answerable.success) {
      const { requestId } = answerable.data;
      this.send({ type: 'failure', requestId, ok: false, error: { code: 'BAD_REQUEST' } });
      return;
    }
    this.#options.logger.warn({ replicaId: this.#replicaId }, 'malformed frame: link closed');
    this.close(LINK_CLOSE_CODE.MALFORMED_FRAME, 'malformed frame');
  }

  #beat(): void {
    const now = performance.now();
    // After a stall of this process its timers run before it has read what lies in the sockets.
    const stalled = now - this.#lastBeatAt > LINK_HEARTBEAT_INTERVAL_MS + LINK_DEAD_AFTER_MS / 2;
    this.#lastBeatAt = now;
    if (stalled) this.#lastHeardAt = now;
    if (this.#replicaId === undefined) return;
    if (now - this.#lastHeardAt > LINK_DEAD_AFTER_MS) {
      this.#options.logger.warn({ replicaId: this.#replicaId }, 'replica silent: link cut');
      this.close(LINK_CLOSE_CODE.HEARTBEAT_LOST, 'heartbeat lost', true);
      return;
    }
    this.#sequence += 1;
    this.send({ type: 'ping', sequence: this.#sequence });
  }
}

function ignoreError(): void {
  // The link has ended; how its socket ends is of no interest.
}

function parseJson(data: RawData): unknown {
  try {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // Not JSON: answered as any other malformed frame.
    return undefined;
  }
}
