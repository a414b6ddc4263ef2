import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { IceRemote } from './connectSrtp.ts';
import { type LoadRequest, Opened, Ran } from './loadMessages.ts';

const PROGRAM = fileURLToPath(new URL('./loadProcess.ts', import.meta.url));
const Answer = z.union([z.object({ result: z.unknown() }), z.object({ error: z.string() })]);

/** The process of `loadProcess.ts`, pinned to a core that the SFU doesn't use. */
export class LoadGenerator {
  readonly #child: ChildProcess;

  constructor(core: number) {
    this.#child = spawn(
      'taskset',
      ['-c', String(core), process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
  }

  async open(address: string, publishers: number, subscribers: number): Promise<Opened> {
    return Opened.parse(await this.#ask({ ask: 'open', address, publishers, subscribers }));
  }

  async connect(side: 'publishers' | 'subscribers', remotes: readonly IceRemote[]): Promise<void> {
    await this.#ask({ ask: 'connect', side, remotes: [...remotes] });
  }

  async measure(probes: readonly number[]): Promise<void> {
    await this.#ask({ ask: 'measure', probes: [...probes] });
  }

  async run(seconds: number, packetsPerFrame: number, transportCc: boolean): Promise<Ran> {
    return Ran.parse(await this.#ask({ ask: 'run', seconds, packetsPerFrame, transportCc }));
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  async #ask(request: LoadRequest): Promise<unknown> {
    const ended = new AbortController();
    try {
      const answered = once(this.#child, 'message', { signal: ended.signal });
      const gone = once(this.#child, 'exit', { signal: ended.signal }).then(() => {
        throw new Error('the load generator ended');
      });
      this.#child.send(request);
      const [message] = await Promise.race([answered, gone]);
      const answer = Answer.parse(message);
      if ('error' in answer) throw new Error(`the load generator: ${answer.error}`);
      return answer.result;
    } finally {
      ended.abort();
    }
  }
}
