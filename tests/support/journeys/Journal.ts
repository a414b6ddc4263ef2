import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

export interface Step {
  readonly number: number;
  readonly name: string;
  readonly face: string;
  /** Since the journey began, milliseconds. */
  readonly atMs: number;
  readonly file: string | null;
}

/** What happened, in order, with a picture of each step. */
export class Journal {
  readonly steps: Step[] = [];
  readonly #directory: string | null;
  readonly #startedAt = performance.now();

  private constructor(directory: string | null) {
    this.#directory = directory;
  }

  /** @param directory null: steps without pictures */
  static async create(directory: string | null): Promise<Journal> {
    if (directory !== null) await mkdir(directory, { recursive: true });
    return new Journal(directory);
  }

  async step(page: Page, face: string, name: string): Promise<void> {
    const number = this.steps.length + 1;
    const atMs = Math.round(performance.now() - this.#startedAt);
    let file: string | null = null;
    if (this.#directory !== null) {
      file = `${String(number).padStart(2, '0')}-${face}-${name}.png`;
      await page.screenshot({ path: join(this.#directory, file) });
    }
    this.steps.push({ number, name, face, atMs, file });
  }
}
