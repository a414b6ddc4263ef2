import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Wire } from './Wire.ts';

const SCRIPT = fileURLToPath(new URL('./socketHolder.pl', import.meta.url));
const HEAD_BYTES = 7;
const NANOSECONDS = 1_000_000_000n;

/** A datagram of a probe, with the kernel's time of arrival, nanoseconds of the wall clock. */
export interface Arrival {
  readonly socket: number;
  readonly at: bigint;
  readonly packet: Buffer;
}

function frame(type: string, socket: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(type, 0, 'latin1');
  head.writeUInt16BE(socket, 1);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload]);
}

const numbers = (values: readonly number[]): Buffer => {
  const buffer = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt16BE(value, 2 * index);
  return buffer;
};

/** The subscribers' sockets in `socketHolder.pl`: read while they connect, then left unread except for the probes. */
export class SocketHolder {
  readonly wires: readonly Wire[] = [];
  readonly #child: ChildProcess & { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream };
  readonly #listeners: ((packet: Buffer) => void)[] = [];
  #pending = Buffer.alloc(0);
  #arrivals: Arrival[] = [];
  #onPorts: (ports: number[]) => void = () => undefined;
  #onEnd: () => void = () => undefined;

  private constructor() {
    this.#child = spawn('perl', [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout.on('data', (data: Buffer) => this.#read(data));
  }

  static async open(address: string, sockets: number): Promise<SocketHolder> {
    const holder = new SocketHolder();
    const ports = await new Promise<number[]>((resolve) => {
      holder.#onPorts = resolve;
      holder.#write('O', 0, Buffer.concat([numbers([sockets]), Buffer.from(address, 'latin1')]));
    });
    Object.assign(holder, { wires: ports.map((port, index) => holder.#wire(port, index)) });
    return holder;
  }

  /** From now on nobody reads, but the probes, whose packets are kept. */
  measure(probes: readonly number[]): void {
    this.#write('M', 0, numbers(probes));
  }

  /** What the probes received since the last time. */
  async arrivals(): Promise<readonly Arrival[]> {
    await new Promise<void>((resolve) => {
      this.#onEnd = resolve;
      this.#write('F', 0, Buffer.alloc(0));
    });
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    return arrivals;
  }

  close(): void {
    this.#child.stdin.end();
  }

  #wire(port: number, index: number): Wire {
    return {
      port,
      connect: (address, remotePort) => {
        this.#write('C', index, Buffer.concat([numbers([remotePort]), Buffer.from(address, 'latin1')]));
        return Promise.resolve();
      },
      send: (packet) => this.#write('S', index, packet),
      listen: (onPacket) => {
        this.#listeners[index] = onPacket;
      },
    };
  }

  #write(type: string, socket: number, payload: Buffer): void {
    this.#child.stdin.write(frame(type, socket, payload));
  }

  #read(data: Buffer): void {
    let rest = Buffer.concat([this.#pending, data]);
    while (rest.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + rest.readUInt32BE(3);
      if (rest.length < end) break;
      this.#handle(rest.toString('latin1', 0, 1), rest.readUInt16BE(1), rest.subarray(HEAD_BYTES, end));
      rest = rest.subarray(end);
    }
    this.#pending = rest;
  }

  #handle(type: string, socket: number, payload: Buffer): void {
    if (type === 'P') {
      this.#onPorts(Array.from({ length: payload.length / 2 }, (_, index) => payload.readUInt16BE(2 * index)));
    } else if (type === 'D') {
      this.#listeners[socket]?.(payload);
    } else if (type === 'R') {
      const at = payload.readBigUInt64BE(0) * NANOSECONDS + payload.readBigUInt64BE(8);
      this.#arrivals.push({ socket, at, packet: payload.subarray(16) });
    } else {
      this.#onEnd();
    }
  }
}
