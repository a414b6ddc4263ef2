import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** One UDP socket that talks to one SFU. */
export interface Wire {
  readonly port: number;
  connect(address: string, port: number): Promise<void>;
  send(packet: Buffer): void;
  /** Replaces the listener there was. */
  listen(onPacket: (packet: Buffer) => void): void;
}

/** A publisher's: Node's own socket. */
export class OwnWire implements Wire {
  readonly port: number;
  readonly #socket: Socket;
  #onPacket: (packet: Buffer) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (packet) => this.#onPacket(packet));
  }

  static async open(address: string): Promise<OwnWire> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new OwnWire(socket);
  }

  /** Connected, a datagram is handed to the kernel at once: no look-up of the address. */
  async connect(address: string, port: number): Promise<void> {
    this.#socket.connect(port, address);
    await once(this.#socket, 'connect');
  }

  send(packet: Buffer): void {
    this.#socket.send(packet);
  }

  listen(onPacket: (packet: Buffer) => void): void {
    this.#onPacket = onPacket;
  }
}
