import { SrtpSender, type SrtpKeys } from './srtp.ts';
import { STREAM } from './topology.ts';
import type { Wire } from './Wire.ts';

export const PAYLOAD_BYTES = 1_100;
/** Where the time of sending lies in the payload: behind what an SFU looks at. */
export const SENT_AT_OFFSET = 16;
/** VP8 payload descriptor (RFC 7741 §4.2): S says that a frame begins here. */
const START_OF_FRAME = 0x10;
/** VP8 payload header (§4.3): P is 0 in a key frame. */
const INTERFRAME = 0x01;
const EXTENSION_PROFILE = 0xbede;

/** One stream of synthetic VP8, with the sender's monotonic clock in each packet. */
export class Publisher {
  readonly #wire: Wire;
  readonly #srtp: SrtpSender;
  readonly #ssrc: number;
  readonly #payload = Buffer.alloc(PAYLOAD_BYTES, 0x5a);
  readonly #plainHeader = Buffer.alloc(12);
  readonly #extendedHeader = Buffer.alloc(20);
  #sequence = 0;

  constructor(wire: Wire, keys: SrtpKeys, index: number) {
    this.#wire = wire;
    this.#srtp = new SrtpSender(keys);
    this.#ssrc = STREAM.ssrcOf(index);
    this.#extendedHeader.writeUInt16BE(EXTENSION_PROFILE, 12);
    // One word: a one-byte header with two bytes of data, and padding (RFC 8285 §4.2).
    this.#extendedHeader.writeUInt16BE(1, 14);
    this.#extendedHeader.writeUInt8((STREAM.transportCcId << 4) | 1, 16);
  }

  send(part: {
    readonly first: boolean;
    readonly last: boolean;
    readonly keyFrame: boolean;
    readonly timestamp: number;
    readonly transportCc: boolean;
  }): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const header = part.transportCc ? this.#extendedHeader : this.#plainHeader;
    header.writeUInt8(part.transportCc ? 0x90 : 0x80, 0);
    header.writeUInt8((part.last ? 0x80 : 0) | STREAM.payloadType, 1);
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(part.timestamp >>> 0, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    // A transport of one stream: its transport-wide numbers are the stream's.
    if (part.transportCc) header.writeUInt16BE(this.#sequence, 17);
    this.#payload.writeUInt8(part.first ? START_OF_FRAME : 0, 0);
    this.#payload.writeUInt8(part.first && part.keyFrame ? 0 : INTERFRAME, 1);
    this.#payload.writeBigUInt64BE(process.hrtime.bigint(), SENT_AT_OFFSET);
    this.#wire.send(this.#srtp.protect(header, this.#payload));
  }
}
