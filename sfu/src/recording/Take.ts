import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { WebmSplitter } from '@cloud-hospital/protocol/sfu';
import type { types as mediasoup } from 'mediasoup';
import type { Logger } from 'pino';
import { type DescribedStream, describeSession } from './rtpSession.ts';
import { StorageFull } from './SealedFile.ts';
import { SegmentWriter, type SegmentWriterOptions } from './SegmentWriter.ts';
import { StreamClock } from './StreamClock.ts';
import { findPortPair, listenedOn } from './udpPorts.ts';

const LOOPBACK = '127.0.0.1';
/** Longest time from the order to end until the program is killed. Milliseconds. */
const END_PATIENCE_MS = 1_500;
/** Packet by packet for so long. Milliseconds. */
const TRACED_MS = 1_500;
/** Its ports are there within this, or something is wrong. Milliseconds. */
const START_PATIENCE_MS = 5_000;

export type TakeEnd = 'stopped' | 'storage-full' | 'recorder-failed' | 'no-media';

export type TakeOptions = Pick<
  SegmentWriterOptions,
  'directory' | 'key' | 'reserveBytes' | 'segmentMs' | 'onStored'
> & {
  readonly router: mediasoup.Router;
  /** Sound and picture that belong together; at least one. */
  readonly producers: readonly mediasoup.Producer[];
  /** The rest of each segment's head. */
  readonly describe: (zeroAt: number) => ReturnType<SegmentWriterOptions['describe']>;
  readonly ffmpeg: string;
  readonly logger: Logger;
  /** Once, whatever ended it; not before all that was written is durable. */
  readonly onEnded: (end: TakeEnd) => void;
};

type Stream = DescribedStream & { readonly consumer: mediasoup.Consumer; readonly clock: StreamClock };

/**
 * One run of ffmpeg over one view of a participant: packets go to it over loopback, it puts them together without
 * touching them, and what comes out of its pipe is sealed here. Nothing readable ever reaches the disk.
 */
export class Take {
  readonly #options: TakeOptions;
  readonly #writer: SegmentWriter;
  readonly #logger: Logger;
  readonly #aborted = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #transports = new Set<mediasoup.PlainTransport>();
  #streams: readonly Stream[] = [];
  #process: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #zeroAt: number | undefined;
  #stopping = false;
  #keyFrames: NodeJS.Timeout | undefined;

  constructor(options: TakeOptions) {
    this.#options = options;
    this.#logger = options.logger;
    const { directory, key, reserveBytes, segmentMs, onStored } = options;
    this.#writer = new SegmentWriter({
      directory,
      key,
      reserveBytes,
      segmentMs,
      onStored,
      describe: () => options.describe(this.#zeroAt ?? Date.now()),
    });
    void this.#run();
  }

  /** Where its first packet lies in time; undefined before it. Milliseconds since 1970. */
  get zeroAt(): number | undefined {
    return this.#zeroAt;
  }

  /** Until when there is something of it, if there is anything. Milliseconds since 1970. */
  get recordedUntil(): number | undefined {
    return this.#zeroAt === undefined || this.#writer.lastMs === 0 ? undefined : this.#zeroAt + this.#writer.lastMs;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** No packet is taken any more when this returns; resolves when what was taken is durable. */
  stop(): Promise<void> {
    this.#stopping = true;
    this.#endMedia();
    return this.#ended.promise;
  }

  async #run(): Promise<void> {
    let end: TakeEnd = 'recorder-failed';
    try {
      await this.#connect();
      end = await this.#record();
    } catch (error) {
      if (error instanceof StorageFull) end = 'storage-full';
      else if (!this.#stopping) this.#logger.warn({ err: error }, 'recording program not started or lost');
    }
    this.#endMedia();
    this.#kill('SIGKILL');
    // What is there already needs no more room.
    await this.#writer.finish().catch((error: unknown) => {
      this.#logger.error({ err: error }, 'segment not finished; what it has is found later');
    });
    this.#options.onEnded(this.#stopping ? 'stopped' : end);
    this.#ended.resolve();
  }

  async #connect(): Promise<void> {
    const { producers, ffmpeg, segmentMs } = this.#options;
    this.#streams = await Promise.all(producers.map((producer) => this.#consume(producer)));
    this.#aborted.signal.throwIfAborted();
    const started = spawn(ffmpeg, recorderArguments(this.#streams), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process = started;
    started.on('error', () => this.#aborted.abort());
    started.stdin.on('error', () => this.#aborted.abort());
    started.stdin.end(describeSession(this.#streams));
    const patience = AbortSignal.timeout(START_PATIENCE_MS);
    started.once('close', () => this.#aborted.abort());
    await listenedOn(
      this.#streams.flatMap(({ port }) => [port, port + 1]),
      AbortSignal.any([this.#aborted.signal, patience]),
    );
    await Promise.all(this.#streams.map((stream) => this.#begin(stream)));
    const picture = this.#streams.find(({ kind }) => kind === 'video');
    // So that a segment can be cut about when it should be.
    this.#keyFrames = setInterval(() => void picture?.consumer.requestKeyFrame().catch(ignore), segmentMs / 2);
  }

  async #consume(producer: mediasoup.Producer): Promise<Stream> {
    const { router } = this.#options;
    const port = await findPortPair();
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: LOOPBACK },
      rtcpMux: false,
      comedia: false,
    });
    this.#transports.add(transport);
    if (this.#aborted.signal.aborted) transport.close();
    const clock = await StreamClock.open(clockRateOf(producer), port + 1);
    transport.observer.once('close', () => clock.close());
    if (transport.closed) {
      clock.close();
      throw new Error('stopped meanwhile');
    }
    await transport.connect({ ip: LOOPBACK, port, rtcpPort: clock.port });
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: plainCapabilities(router),
      paused: true,
    });
    return { kind: producer.kind, port, rtpParameters: consumer.rtpParameters, consumer, clock };
  }

  /** Packets flow; the first ones tell which instants their timestamps stand for, then mediasoup's reports do. */
  async #begin({ consumer, clock }: Stream): Promise<void> {
    const endTraces = setTimeout(() => {
      consumer.enableTraceEvent([]).catch(ignore);
    }, TRACED_MS);
    consumer.observer.once('close', () => clearTimeout(endTraces));
    consumer.on('trace', (trace) => {
      const packet = packetOf(trace);
      if (packet === undefined || consumer.closed) return;
      const wallMs = Date.now() - (Number(process.hrtime.bigint()) / 1e6 - trace.timestamp);
      this.#zeroAt ??= wallMs;
      clock.add(packet.ssrc, packet.timestamp, wallMs);
    });
    await consumer.enableTraceEvent(['rtp']);
    await consumer.resume();
  }

  async #record(): Promise<TakeEnd> {
    const recorder = this.#process;
    if (recorder === undefined) return 'recorder-failed';
    let complaint = '';
    recorder.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2_000);
    });
    const splitter = new WebmSplitter();
    const output: AsyncIterable<Buffer> = recorder.stdout;
    for await (const chunk of output) {
      for (const part of splitter.push(chunk)) await this.#writer.write(part);
    }
    if (!this.#stopping) this.#logger.warn({ complaint }, 'recording program ended by itself');
    return this.#zeroAt === undefined ? 'no-media' : 'recorder-failed';
  }

  #endMedia(): void {
    clearInterval(this.#keyFrames);
    this.#aborted.abort();
    for (const transport of this.#transports) {
      try {
        transport.close();
      } catch {
        // Its worker is gone, and the transport with it.
      }
    }
    this.#kill('SIGTERM');
    setTimeout(() => {
      this.#kill('SIGKILL');
    }, END_PATIENCE_MS).unref();
  }

  #kill(signal: NodeJS.Signals): void {
    const recorder = this.#process;
    if (recorder !== undefined && recorder.exitCode === null && recorder.signalCode === null) recorder.kill(signal);
  }
}

/** Of audio and VP8 or H264 each codec has one rate. */
const clockRateOf = (producer: mediasoup.Producer): number =>
  producer.rtpParameters.codecs[0]?.clockRate ?? (producer.kind === 'audio' ? 48_000 : 90_000);

const ignore = (): undefined => undefined;

/** mediasoup types what traces carry as `any`. */
function packetOf(trace: mediasoup.ConsumerTraceEventData): { ssrc: number; timestamp: number } | undefined {
  const info: unknown = trace.info;
  if (typeof info !== 'object' || info === null || !('rtpPacket' in info)) return undefined;
  const packet: unknown = info.rtpPacket;
  if (typeof packet !== 'object' || packet === null || !('ssrc' in packet) || !('timestamp' in packet))
    return undefined;
  const { ssrc, timestamp } = packet;
  return typeof ssrc === 'number' && typeof timestamp === 'number' ? { ssrc, timestamp } : undefined;
}

/** What is copied: no retransmission streams, no extensions, of feedback key frame requests only. */
function plainCapabilities(router: mediasoup.Router): mediasoup.RtpCapabilities {
  const codecs = (router.rtpCapabilities.codecs ?? [])
    .filter(({ mimeType }) => !mimeType.toLowerCase().endsWith('/rtx'))
    .map((codec) => ({
      ...codec,
      rtcpFeedback: codec.rtcpFeedback?.filter(({ type, parameter }) => type === 'nack' && parameter === 'pli') ?? [],
    }));
  return { codecs, headerExtensions: [] };
}

/**
 * The picture first, so that it is track 1. A packet that was asked for again is waited for 500 ms; sound doesn't wait
 * longer than a second for a picture that stalls.
 */
function recorderArguments(streams: readonly Stream[]): string[] {
  const kinds = new Set(streams.map(({ kind }) => kind));
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error'],
    ...['-protocol_whitelist', 'pipe,udp,rtp', '-sdp_flags', 'rtcp_to_source'],
    ...['-analyzeduration', '2000000', '-probesize', '500000', '-fpsprobesize', '0'],
    ...['-max_delay', '500000', '-reorder_queue_size', '500', '-f', 'sdp', '-i', 'pipe:0'],
    ...(kinds.has('video') ? ['-map', '0:v'] : []),
    ...(kinds.has('audio') ? ['-map', '0:a'] : []),
    ...['-c', 'copy', '-max_interleave_delta', '1000000', '-flush_packets', '1'],
    ...['-cluster_time_limit', '1000', '-f', 'matroska', 'pipe:1'],
  ];
}
