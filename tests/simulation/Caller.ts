import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Face } from '@cloud-hospital/protocol';
import type { z } from 'zod';
import { type Answer as WebAnswer, WebClient } from '../support/WebClient.ts';

const MAX_TRIES = 4;
const RETRY_MS = 300;

/** How long each kind of request took, milliseconds, and what was refused, over all callers. */
export class Ledger {
  readonly tookMs = new Map<string, number[]>();
  readonly refused = new Map<string, number>();

  note(what: string, tookMs: number, code: string | undefined): void {
    const taken = this.tookMs.get(what) ?? [];
    taken.push(tookMs);
    this.tookMs.set(what, taken);
    if (code === undefined) return;
    const refusal = `${what}: ${code}`;
    this.refused.set(refusal, (this.refused.get(refusal) ?? 0) + 1);
  }
}

export type Answer<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly code: string };

/** One signed-in browser that sends real requests and keeps the books. */
export class Caller {
  readonly url: string;
  readonly web: WebClient;
  readonly #ledger: Ledger;

  constructor(url: string, face: Face, ledger: Ledger) {
    this.url = url;
    this.web = new WebClient(url, face);
    this.#ledger = ledger;
  }

  /** @param what the request's name in the books, e.g. `POST /appointments` */
  async send<T>(
    what: string,
    schema: z.ZodType<T>,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> {
    const idempotencyKey = randomUUID();
    let answer = await this.#once(what, method, path, body, idempotencyKey);
    // As the pages do: the same request under the same key, a little later.
    for (let tries = 1; answer.status === 503 && tries < MAX_TRIES; tries += 1) {
      await sleep(tries * RETRY_MS);
      answer = await this.#once(what, method, path, body, idempotencyKey);
    }
    if (answer.status >= 500) throw new Error(`${what}: ${answer.status} ${answer.text}`);
    return answer.code === undefined
      ? { ok: true, data: answer.read(schema) }
      : { ok: false, code: answer.reason === undefined ? answer.code : `${answer.code} ${answer.reason}` };
  }

  async #once(what: string, method: string, path: string, body: unknown, idempotencyKey: string): Promise<WebAnswer> {
    const startedAt = performance.now();
    const answer = await this.web.request(method, path, body, { idempotencyKey });
    this.#ledger.note(what, performance.now() - startedAt, answer.code);
    return answer;
  }

  /** @throws Error when it is refused: the day's script can't go on */
  async must<T>(
    what: string,
    schema: z.ZodType<T>,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
  ): Promise<T> {
    const answer = await this.send(what, schema, method, path, body);
    if (!answer.ok) throw new Error(`${what} refused: ${answer.code}`);
    return answer.data;
  }
}
