import { connect as connectPlain, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'none';
  /** Longest silence of the server. */
  readonly timeoutMs: number;
}

/** One conversation with a mail server: a command, its reply, the next command (RFC 5321, 4.2). */
export class SmtpConversation {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string, undefined>;
  #failure: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface({ input: socket, crlfDelay: Infinity })[Symbol.asyncIterator]();
    socket.on('error', (error) => {
      this.#failure = error;
    });
  }

  /** Connects and hears the greeting. @throws when nobody answers, the certificate is wrong, or we aren't welcome */
  static async open({ host, port, security, timeoutMs }: SmtpServer): Promise<SmtpConversation> {
    const socket = security === 'tls' ? connectTls({ host, port, servername: host }) : connectPlain({ host, port });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('the mail server is silent')));
    const conversation = new SmtpConversation(socket);
    await conversation.#expect(220);
    return conversation;
  }

  /** @throws Error with the reply's code when it is another than expected; never with what was said */
  async say(text: string, expected: number): Promise<void> {
    this.#socket.write(`${text}\r\n`);
    await this.#expect(expected);
  }

  /** Idempotent. */
  close(): void {
    this.#socket.destroy();
  }

  async #expect(expected: number): Promise<void> {
    for (;;) {
      const line = (await this.#lines.next()).value;
      if (line === undefined) throw this.#failure ?? new Error('the mail server hung up');
      // `250-` announces that more lines follow.
      if (line.charAt(3) === '-') continue;
      const code = line.slice(0, 3);
      if (code !== String(expected)) throw new Error(`refused: ${code}`);
      return;
    }
  }
}
