import {
  AttachmentId,
  type EncounterId,
  ErrorCode,
  FACE_HEADER,
  type Face,
  IDEMPOTENCY_HEADER,
  type StillRequestId,
} from '@cloud-hospital/protocol';
import { type AttachmentKind, UPLOAD_PATH } from '@cloud-hospital/protocol/rest';
import { DetailedError, Upload } from 'tus-js-client';
import { z } from 'zod/mini';
import { TypedEmitter } from '../TypedEmitter.ts';
import { INITIAL_PACE, nextPace, type Pace } from './pace.ts';

export interface UploadRequest {
  readonly encounterId: EncounterId;
  readonly kind: AttachmentKind;
  readonly title: string;
  readonly content: Blob;
  /** The specialist's request that this still answers. */
  readonly stillRequestId?: StillRequestId;
}

/** One file on its way from here. */
export interface UploadItem {
  readonly key: string;
  readonly encounterId: EncounterId;
  readonly kind: AttachmentKind;
  readonly title: string;
  readonly bytes: number;
  /** What the server has acknowledged. */
  readonly sentBytes: number;
  /** `waiting`: the line is gone; it goes on by itself. */
  readonly state: 'sending' | 'waiting' | 'done' | 'failed';
  readonly error: ErrorCode | null;
  readonly attachmentId: AttachmentId | null;
}

type UploadsEvents = { changed: [items: readonly UploadItem[]]; done: [item: UploadItem, content: Blob] };

/** An hour of trying, at most 5 s apart: longer than any blackout that a consultation survives. */
const RETRY_DELAYS_MS = Array.from({ length: 720 }, (_, tries) => Math.min(500 * 2 ** tries, 5_000));
/** Nothing moved for so long: the connection is taken for dead, though TCP would try for minutes. Milliseconds. */
const STALLED_MS = 10_000;
const WATCH_MS = 1_000;
/** What was refused for good, whatever the line does. Everything else is tried again. */
const RETRYABLE_STATUSES = new Set([0, 408, 409, 423, 429, 500, 502, 503, 504]);
const Refusal = z.object({ code: ErrorCode });

function refusalOf(error: Error): ErrorCode {
  if (!(error instanceof DetailedError)) return 'INTERNAL';
  try {
    const refusal = Refusal.safeParse(JSON.parse(error.originalResponse?.getBody() ?? ''));
    return refusal.success ? refusal.data.code : 'INTERNAL';
  } catch {
    return 'INTERNAL';
  }
}

interface Running {
  item: UploadItem;
  readonly request: UploadRequest;
  readonly upload: Upload;
  pace: Pace;
  sentAt: number;
  movedAt: number;
}

/**
 * Files on their way from this page. They outlive the call's screen and every loss of the line; they live in memory
 * only, since the disk of a terminal holds nothing of anybody.
 */
export class Uploads {
  readonly #face: Face;
  readonly #events = new TypedEmitter<UploadsEvents>();
  readonly #running = new Map<string, Running>();
  #items: readonly UploadItem[] = [];
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor(face: Face) {
    this.#face = face;
    globalThis.addEventListener?.('online', () => this.#restart(() => true));
  }

  on<Name extends keyof UploadsEvents>(name: Name, listener: (...args: UploadsEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  get items(): readonly UploadItem[] {
    return this.#items;
  }

  /** Sends a file, and goes on until it is there or refused. @returns its key among the items */
  start(request: UploadRequest): string {
    const key = crypto.randomUUID();
    const { encounterId, kind, title, content, stillRequestId } = request;
    const upload = new Upload(content, {
      endpoint: UPLOAD_PATH,
      headers: { [FACE_HEADER]: this.#face, [IDEMPOTENCY_HEADER]: key },
      metadata: { encounterId, kind, title, ...(stillRequestId === undefined ? {} : { stillRequestId }) },
      chunkSize: INITIAL_PACE.chunkBytes,
      retryDelays: RETRY_DELAYS_MS,
      storeFingerprintForResuming: false,
      onShouldRetry: (error) => {
        this.#patch(key, { state: 'waiting' });
        return RETRYABLE_STATUSES.has(error.originalResponse?.getStatus() ?? 0);
      },
      onBeforeRequest: (request_) => this.#beforeRequest(key, request_.getMethod()),
      onAfterResponse: (request_) => this.#afterResponse(key, request_.getMethod()),
      onProgress: () => this.#moved(key),
      onChunkComplete: (_bytes, sentBytes) => this.#patch(key, { sentBytes, state: 'sending' }),
      onSuccess: () => this.#finished(key),
      onError: (error) => this.#failed(key, refusalOf(error)),
    });
    const item: UploadItem = {
      key,
      encounterId,
      kind,
      title,
      bytes: content.size,
      sentBytes: 0,
      state: 'sending',
      error: null,
      attachmentId: null,
    };
    const now = performance.now();
    this.#running.set(key, { item, request, upload, pace: INITIAL_PACE, sentAt: now, movedAt: now });
    this.#items = [...this.#items, item];
    this.#tell();
    this.#watch ??= setInterval(
      () => this.#restart(({ movedAt }) => performance.now() - movedAt > STALLED_MS),
      WATCH_MS,
    );
    upload.start();
    return key;
  }

  /** Tries again what was refused, e.g. after the disk has room again. */
  retry(key: string): void {
    const running = this.#running.get(key);
    if (running?.item.state !== 'failed') return;
    this.#patch(key, { state: 'sending', error: null });
    this.#moved(key);
    running.upload.start();
  }

  /** Takes a finished or failed one off the list. */
  forget(key: string): void {
    this.#running.delete(key);
    this.#items = this.#items.filter((item) => item.key !== key);
    this.#tell();
  }

  async #beforeRequest(key: string, method: string): Promise<void> {
    const running = this.#running.get(key);
    if (running === undefined) return;
    const { pauseMs, chunkBytes } = running.pace;
    if (method === 'PATCH' && pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    running.upload.options.chunkSize = chunkBytes;
    running.sentAt = performance.now();
    running.movedAt = running.sentAt;
  }

  #afterResponse(key: string, method: string): void {
    const running = this.#running.get(key);
    if (running === undefined) return;
    const now = performance.now();
    running.movedAt = now;
    // Where to go on is asked for after a blackout: how long that took says nothing of what the line carries now.
    if (method !== 'PATCH') return;
    const left = running.item.bytes - running.item.sentBytes;
    const bytes = Math.min(running.pace.chunkBytes, left);
    running.pace = nextPace(running.pace, { bytes, tookMs: now - running.sentAt });
    running.upload.options.chunkSize = running.pace.chunkBytes;
  }

  #moved(key: string): void {
    const running = this.#running.get(key);
    if (running !== undefined) running.movedAt = performance.now();
  }

  /** Asks the server anew where to go on. */
  #restart(isDead: (running: Running) => boolean): void {
    for (const [key, running] of this.#running) {
      const { state } = running.item;
      if ((state !== 'sending' && state !== 'waiting') || !isDead(running)) continue;
      running.movedAt = performance.now();
      running.pace = { ...INITIAL_PACE, roundTripMs: running.pace.roundTripMs };
      this.#patch(key, { state: 'waiting' });
      running.upload.abort().then(
        () => running.upload.start(),
        () => running.upload.start(),
      );
    }
  }

  #finished(key: string): void {
    const running = this.#running.get(key);
    if (running === undefined) return;
    const attachmentId = AttachmentId.safeParse(running.upload.url?.split('/').at(-1));
    this.#patch(key, {
      state: 'done',
      sentBytes: running.item.bytes,
      attachmentId: attachmentId.success ? attachmentId.data : null,
    });
    this.#events.emit('done', running.item, running.request.content);
    this.#rest();
  }

  #failed(key: string, error: ErrorCode): void {
    this.#patch(key, { state: 'failed', error });
    this.#rest();
  }

  #rest(): void {
    if (this.#items.some(({ state }) => state === 'sending' || state === 'waiting')) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  #patch(key: string, patch: Partial<UploadItem>): void {
    const running = this.#running.get(key);
    if (running === undefined) return;
    running.item = { ...running.item, ...patch };
    this.#items = this.#items.map((item) => (item.key === key ? running.item : item));
    this.#tell();
  }

  #tell(): void {
    this.#events.emit('changed', this.#items);
  }
}
