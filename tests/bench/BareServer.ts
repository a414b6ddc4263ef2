import { type ChildProcess, fork } from 'node:child_process';
import { z } from 'zod';

const Port = z.object({ port: z.number() });
const Memory = z.object({ rss: z.number() });

/** The bare Socket.IO server of `bareSocketServer.ts`. */
export class BareServer {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<BareServer> {
    const child = fork(new URL('./bareSocketServer.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
    });
    return new BareServer(child, Port.parse(await answerOf(child)).port);
  }

  emit(times: number): void {
    this.#process.send({ emit: times });
  }

  /** Resident set after a collection, bytes. */
  async memory(): Promise<number> {
    const answer = answerOf(this.#process);
    this.#process.send({ memory: true });
    return Memory.parse(await answer).rss;
  }

  stop(): void {
    this.#process.disconnect();
  }
}

const answerOf = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('message', resolve));
