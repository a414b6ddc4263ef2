import { createCipheriv, createDecipheriv } from 'node:crypto';

/** SRTP with AEAD_AES_128_GCM (RFC 7714): what one end has to know to send or to read. */
export interface SrtpKeys {
  readonly key: Buffer;
  readonly salt: Buffer;
}

const CIPHER = 'aes-128-gcm';
export const TAG_BYTES = 16;
const KEY_BYTES = 16;
const SALT_BYTES = 12;
/** Labels of RFC 3711 §4.3.1. */
const LABEL_RTP_KEY = 0;
const LABEL_RTP_SALT = 2;
const SEQUENCES = 0x1_0000;

/** Key derivation of RFC 3711 §4.3.3; a GCM salt of 96 bits is padded to 112 with zeros (RFC 7714 §11). */
function derive(master: SrtpKeys, label: number, bytes: number): Buffer {
  const counter = Buffer.alloc(16);
  master.salt.copy(counter);
  counter.writeUInt8(counter.readUInt8(7) ^ label, 7);
  return createCipheriv('aes-128-ctr', master.key, counter).update(Buffer.alloc(bytes));
}

const sessionKeys = (master: SrtpKeys): SrtpKeys => ({
  key: derive(master, LABEL_RTP_KEY, KEY_BYTES),
  salt: derive(master, LABEL_RTP_SALT, SALT_BYTES),
});

/** RFC 7714 §8.1: two zero octets, SSRC, roll-over counter and sequence number, XOR the salt. */
function nonce(salt: Buffer, ssrc: number, rollOver: number, sequence: number): Buffer {
  const iv = Buffer.alloc(SALT_BYTES);
  iv.writeUInt32BE(ssrc, 2);
  iv.writeUInt32BE(rollOver, 6);
  iv.writeUInt16BE(sequence, 10);
  for (let index = 0; index < SALT_BYTES; index += 1) {
    iv.writeUInt8(iv.readUInt8(index) ^ salt.readUInt8(index), index);
  }
  return iv;
}

/** Length of the fixed header with its CSRCs and extensions (RFC 3550 §5.1). */
export function rtpHeaderLength(packet: Buffer): number {
  const first = packet.readUInt8(0);
  const fixed = 12 + 4 * (first & 0x0f);
  return (first & 0x10) === 0 ? fixed : fixed + 4 + 4 * packet.readUInt16BE(fixed + 2);
}

/** Encrypts the packets of one or more streams; sequence numbers of a stream must rise by one. */
export class SrtpSender {
  readonly #session: SrtpKeys;
  readonly #last = new Map<number, { sequence: number; rollOver: number }>();

  constructor(master: SrtpKeys) {
    this.#session = sessionKeys(master);
  }

  protect(header: Buffer, payload: Buffer): Buffer {
    const sequence = header.readUInt16BE(2);
    const ssrc = header.readUInt32BE(8);
    const last = this.#last.get(ssrc);
    const rollOver = last === undefined ? 0 : last.rollOver + (sequence < last.sequence ? 1 : 0);
    this.#last.set(ssrc, { sequence, rollOver });
    const cipher = createCipheriv(CIPHER, this.#session.key, nonce(this.#session.salt, ssrc, rollOver, sequence));
    cipher.setAAD(header);
    const encrypted = cipher.update(payload);
    cipher.final();
    return Buffer.concat([header, encrypted, cipher.getAuthTag()]);
  }
}

/** Reads what the other end sends. */
export class SrtpReceiver {
  readonly #session: SrtpKeys;
  readonly #highest = new Map<number, number>();

  constructor(master: SrtpKeys) {
    this.#session = sessionKeys(master);
  }

  /** @throws Error when the packet isn't authentic */
  unprotect(packet: Buffer): Buffer {
    const sequence = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    const index = this.#indexOf(ssrc, sequence);
    const headerBytes = rtpHeaderLength(packet);
    const iv = nonce(this.#session.salt, ssrc, Math.floor(index / SEQUENCES), sequence);
    const decipher = createDecipheriv(CIPHER, this.#session.key, iv);
    decipher.setAAD(packet.subarray(0, headerBytes));
    decipher.setAuthTag(packet.subarray(packet.length - TAG_BYTES));
    const payload = decipher.update(packet.subarray(headerBytes, packet.length - TAG_BYTES));
    decipher.final();
    this.#highest.set(ssrc, Math.max(index, this.#highest.get(ssrc) ?? 0));
    return payload;
  }

  /** RFC 3711 §3.3.1: of the possible indices the one nearest to the highest seen. */
  #indexOf(ssrc: number, sequence: number): number {
    const highest = this.#highest.get(ssrc);
    if (highest === undefined) return sequence;
    const rollOver = Math.floor(highest / SEQUENCES);
    return [rollOver - 1, rollOver, rollOver + 1]
      .filter((candidate) => candidate >= 0)
      .map((candidate) => candidate * SEQUENCES + sequence)
      .reduce((best, candidate) => (Math.abs(candidate - highest) < Math.abs(best - highest) ? candidate : best));
  }
}
