import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';

const Message = z.looseObject({ janus: z.string(), transaction: z.string().optional(), sender: z.number().optional() });
type Message = z.infer<typeof Message>;

const ANSWER_WITHIN_MS = 10_000;

/** Janus' JSON API over a WebSocket: requests and what answers them, by transaction. */
export class JanusApi {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (message: Message) => void>();
  readonly #up = new Map<number, PromiseWithResolvers<void>>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const message = Message.parse(JSON.parse(data.toString('utf8')));
      if (message.janus === 'webrtcup' && message.sender !== undefined) this.#upOf(message.sender).resolve();
      // An event follows the mere acknowledgement of a plugin's message.
      if (message.janus === 'ack' || message.transaction === undefined) return;
      this.#waiting.get(message.transaction)?.(message);
    });
  }

  static async connect(port: number, protocol: 'janus-protocol' | 'janus-admin-protocol'): Promise<JanusApi> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, protocol);
    await once(socket, 'open');
    return new JanusApi(socket);
  }

  /** @throws Error when Janus refuses or doesn't answer */
  async ask<T>(schema: z.ZodType<T>, request: Readonly<Record<string, unknown>>): Promise<T> {
    const transaction = randomUUID();
    try {
      const message = await new Promise<Message>((resolve, reject) => {
        const late = (): void => reject(new Error(`Janus did not answer ${String(request['janus'])}`));
        const timer = setTimeout(late, ANSWER_WITHIN_MS);
        this.#waiting.set(transaction, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        this.#socket.send(JSON.stringify({ ...request, transaction }));
      });
      const parsed = schema.safeParse(message);
      if (parsed.success) return parsed.data;
      throw new Error(`Janus to ${String(request['janus'])}: ${JSON.stringify(message)}`);
    } finally {
      this.#waiting.delete(transaction);
    }
  }

  /** When DTLS of this handle is through and its plugin knows: only then a publisher can be subscribed to. */
  async whenUp(handle: number): Promise<void> {
    const timer = new AbortController();
    const late = sleep(ANSWER_WITHIN_MS, undefined, { signal: timer.signal }).then(() => {
      throw new Error('Janus did not say that a connection is up');
    });
    await Promise.race([this.#upOf(handle).promise, late]);
    timer.abort();
  }

  close(): void {
    this.#socket.close();
  }

  #upOf(handle: number): PromiseWithResolvers<void> {
    const known = this.#up.get(handle) ?? Promise.withResolvers<void>();
    this.#up.set(handle, known);
    return known;
  }
}
