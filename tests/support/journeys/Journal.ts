import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

export type Face = 'resident' | 'terminal' | 'console' | 'district' | 'guest';

export interface Step {
  readonly number: number;
  readonly face: Face;
  readonly name: string;
  /** Since the journey began, milliseconds. */
  readonly atMs: number;
  /** The picture, relative to the journal's directory. */
  readonly file: string | null;
}

interface JournalOptions {
  /** Where the pictures go; null: steps without pictures. */
  readonly directory: string | null;
  /** Told each step as it is reached. */
  readonly tell?: (step: Step) => void;
  /** Looks at the page of each step before the journey goes on. */
  readonly inspect?: (page: Page, face: Face, name: string) => Promise<void>;
}

/** What happened, in order, with a picture of each step. */
export class Journal {
  readonly steps: Step[] = [];
  #begun = 0;
  readonly #directory: string | null;
  readonly #tell: (step: Step) => void;
  readonly #inspect: JournalOptions['inspect'];
  readonly #startedAt = performance.now();

  private constructor({ directory, tell, inspect }: JournalOptions) {
    this.#directory = directory;
    this.#tell = tell ?? (() => undefined);
    this.#inspect = inspect;
  }

  static async create(options: JournalOptions): Promise<Journal> {
    if (options.directory !== null) await mkdir(options.directory, { recursive: true });
    return new Journal(options);
  }

  async step(page: Page, face: Face, name: string): Promise<void> {
    this.#begun += 1;
    const number = this.#begun;
    const atMs = Math.round(performance.now() - this.#startedAt);
    let file: string | null = null;
    if (this.#directory !== null) {
      file = `${String(number).padStart(2, '0')}-${face}-${name}.png`;
      // What slides or fades in is pictured where it comes to rest.
      await page.screenshot({ path: join(this.#directory, file), animations: 'disabled' });
    }
    await this.#inspect?.(page, face, name);
    const step = { number, face, name, atMs, file };
    this.steps.push(step);
    this.#tell(step);
  }
}
