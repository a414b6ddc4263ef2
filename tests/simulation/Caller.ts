import { randomUUID } from 'node:crypto';
import type { Face } from '@cloud-hospital/protocol';
import type { z } from 'zod';
import { WebClient } from '../support/WebClient.ts';

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
    const startedAt = performance.now();
    const answer = await this.web.request(method, path, body, { idempotencyKey: randomUUID() });
    this.#ledger.note(what, performance.now() - startedAt, answer.code);
    if (answer.status >= 500) throw new Error(`${what}: ${answer.status} ${answer.text}`);
    return answer.code === undefined
      ? { ok: true, data: answer.read(schema) }
      : { ok: false, code: answer.reason === undefined ? answer.code : `${answer.code} ${answer.reason}` };
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
