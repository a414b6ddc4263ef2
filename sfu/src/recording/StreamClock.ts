import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readSenderReport, senderReport } from './rtpSession.ts';

const LOOPBACK = '127.0.0.1';
const ignore = (): undefined => undefined;
/** So long a least delay is believed: clocks of sender and node drift apart by some ms in it at most. */
const WINDOW_MS = 60_000;

/**
 * Tells the recording program which instant each RTP timestamp of one stream stands for. mediasoup's own reports say when
 * a packet arrived, with all the jitter of the line in it, and the first one comes after seconds; the least delayed packet
 * of the last minute comes nearest to when something was seen or said, for sound and picture alike.
 */
export class StreamClock {
  readonly #socket: Socket;
  readonly #clockRate: number;
  readonly #to: number;
  #samples: { readonly at: number; readonly offset: number }[] = [];
  #first: { readonly ssrc: number; readonly timestamp: number } | undefined;

  private constructor(socket: Socket, clockRate: number, to: number) {
    this.#socket = socket;
    this.#clockRate = clockRate;
    this.#to = to;
    socket.on('message', (packet) => {
      const report = readSenderReport(packet);
      if (report !== undefined) this.add(report.ssrc, report.timestamp, report.wallMs);
    });
    // Nobody listens there before the program is up, nor after its end: such a report is no loss.
    socket.on('error', ignore);
  }

  /** @param to the program's RTCP port */
  static async open(clockRate: number, to: number): Promise<StreamClock> {
    const socket = createSocket('udp4');
    socket.bind(0, LOOPBACK);
    await once(socket, 'listening');
    return new StreamClock(socket, clockRate, to);
  }

  /** Where mediasoup's reports are to be sent. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** A packet with this timestamp came at this instant, milliseconds since 1970; the program is told what follows from it. */
  add(ssrc: number, timestamp: number, wallMs: number): void {
    this.#first ??= { ssrc, timestamp };
    // Signed, so that a timestamp that began anew after 2^32 goes on.
    const elapsed = (((timestamp - this.#first.timestamp) | 0) / this.#clockRate) * 1000;
    this.#samples = this.#samples.filter(({ at }) => wallMs - at < WINDOW_MS);
    this.#samples.push({ at: wallMs, offset: wallMs - elapsed });
    const offset = Math.min(...this.#samples.map((sample) => sample.offset));
    this.#socket.send(senderReport(ssrc, timestamp, offset + elapsed), this.#to, LOOPBACK, ignore);
  }

  close(): void {
    this.#socket.close();
  }
}
