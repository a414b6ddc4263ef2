import { AppError, ConsumerId, PeerId, ProducerId } from '@cloud-hospital/protocol';
import type { ConsumerInfo, SfuRequestData, SfuResponseData, TransportParameters } from '@cloud-hospital/protocol/sfu';
import type { types as mediasoup } from 'mediasoup';
import type { BitrateLimits } from '../config.ts';
import { assertCapabilities, assertKind, refusingBadParameters } from '../media/mediaErrors.ts';
import { PeerTransport } from '../rooms/PeerTransport.ts';
import type { MediaWorker } from '../workers/MediaWorker.ts';

/** How long a line is tested at most; then the node ends it, whatever anybody says. Milliseconds. */
const LIFETIME_MS = 25_000;
/** What may come in: no more than a call's picture needs. bit/s. */
const MAX_INCOMING = 2_000_000;

/**
 * A line tested through the media node itself: one browser sends a picture and gets that very picture back. It has a
 * router of its own and is in no room, so that whoever tests reaches nobody and nobody reaches them.
 */
export class LineTest {
  readonly #router: mediasoup.Router;
  readonly #send: PeerTransport;
  readonly #receive: PeerTransport;
  readonly #timer: NodeJS.Timeout;
  readonly #onClosed: () => void;
  #producing = false;
  #closed = false;

  private constructor(router: mediasoup.Router, send: PeerTransport, receive: PeerTransport, onClosed: () => void) {
    this.#router = router;
    this.#send = send;
    this.#receive = receive;
    this.#onClosed = onClosed;
    this.#timer = setTimeout(() => this.close(), LIFETIME_MS);
    this.#timer.unref();
    router.observer.once('close', () => this.close());
  }

  /** @throws AppError MEDIA_UNAVAILABLE when the worker is gone */
  static async start(worker: MediaWorker, bitrates: BitrateLimits, onClosed: () => void): Promise<LineTest> {
    const router = await refusingBadParameters(() => worker.createRouter());
    const { webRtcServer } = worker;
    const limits = { ...bitrates, maxIncoming: Math.min(bitrates.maxIncoming, MAX_INCOMING) };
    const transport = (direction: 'send' | 'recv'): Promise<PeerTransport> =>
      PeerTransport.create({ router, webRtcServer, direction, bitrates: limits, onStateChanged: () => undefined });
    try {
      const [send, receive] = await Promise.all([transport('send'), transport('recv')]);
      return new LineTest(router, send, receive, onClosed);
    } catch (error) {
      router.close();
      throw error;
    }
  }

  get parameters(): SfuResponseData<'line-test:start'> {
    const of = (transport: PeerTransport): TransportParameters => transport.parameters;
    return {
      routerRtpCapabilities: this.#router.rtpCapabilities,
      sendTransport: of(this.#send),
      recvTransport: of(this.#receive),
    };
  }

  /** @throws AppError BAD_REQUEST, NOT_FOUND for a transport of somebody else */
  async connect({ transportId, dtlsParameters }: SfuRequestData<'line-test:connect'>): Promise<void> {
    const transport = [this.#send, this.#receive].find((one) => one.transportId === transportId);
    if (transport === undefined) throw new AppError('NOT_FOUND');
    await transport.connect(dtlsParameters);
  }

  /** Takes one picture and sends it back. @throws AppError BAD_REQUEST, also for a second picture */
  async loop({ rtpParameters, rtpCapabilities, testId }: SfuRequestData<'line-test:loop'>): Promise<ConsumerInfo> {
    if (this.#producing) throw new AppError('BAD_REQUEST', { reason: 'one picture a test' });
    assertCapabilities(rtpCapabilities);
    assertKind('video', rtpParameters);
    this.#producing = true;
    const producer = await this.#send.produce({ kind: 'video', rtpParameters });
    const consumer = await this.#receive.consume({ producerId: producer.id, rtpCapabilities, paused: false });
    return {
      consumerId: ConsumerId.parse(consumer.id),
      producerId: ProducerId.parse(producer.id),
      peerId: PeerId.parse(testId),
      kind: 'video',
      source: 'camera',
      rtpParameters: consumer.rtpParameters,
      type: consumer.type,
      producerPaused: false,
    };
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#send.close();
    this.#receive.close();
    if (!this.#router.closed) this.#router.close();
    this.#onClosed();
  }
}
