import { createWriteStream, mkdirSync, renameSync, rmSync, statSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { errorCode, errorMessage } from '../system/StartError.ts';

/** One file grows to this size, then becomes `.1`, and so on up to the number kept. Bytes. */
const MAX_BYTES = 10 * 1024 * 1024;
const KEPT_FILES = 3;

/** A child's log file. A disk that is full costs log lines, never the child. */
export class ChildLog {
  readonly file: string;
  readonly #onProblem: (message: string) => void;
  #stream: WriteStream;
  #bytes: number;
  #complained = false;

  constructor(directory: string, name: string, onProblem: (message: string) => void) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.file = path.join(directory, `${name}.log`);
    this.#onProblem = onProblem;
    this.#bytes = sizeOf(this.file);
    this.#stream = this.#open();
  }

  write(line: string): void {
    const text = `${line}\n`;
    this.#bytes += Buffer.byteLength(text);
    this.#stream.write(text);
    if (this.#bytes > MAX_BYTES) this.#rotate();
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve);
      this.#stream.end();
      if (this.#stream.destroyed) resolve();
    });
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.file, { flags: 'a', mode: 0o600 });
    stream.on('error', (error) => {
      if (this.#complained) return;
      this.#complained = true;
      this.#onProblem(`log ${this.file} can't be written: ${errorMessage(error)}`);
    });
    return stream;
  }

  #rotate(): void {
    this.#stream.end();
    rmSync(`${this.file}.${KEPT_FILES}`, { force: true });
    for (let age = KEPT_FILES - 1; age >= 0; age -= 1) {
      const from = age === 0 ? this.file : `${this.file}.${age}`;
      try {
        renameSync(from, `${this.file}.${age + 1}`);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw error;
      }
    }
    this.#bytes = 0;
    this.#stream = this.#open();
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
