import { randomUUID } from 'node:crypto';
import { FACE_HEADER, type Face, IDEMPOTENCY_HEADER } from '@cloud-hospital/protocol';
import { z } from 'zod';

const DemoInbox = z.object({ messages: z.array(z.object({ text: z.string() })) });
const Refusal = z.object({ code: z.string() });

export type Answer<T> =
  | { readonly ok: true; readonly data: T; readonly tookMs: number }
  | { readonly ok: false; readonly code: string; readonly tookMs: number };

/** A signed-in person who speaks plain REST, as any program could. */
export class BenchClient {
  readonly #url: string;
  readonly #face: Face;
  cookie = '';

  constructor(url: string, face: Face) {
    this.#url = url;
    this.#face = face;
  }

  async send<T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    schema: z.ZodType<T>,
    body?: unknown,
  ): Promise<Answer<T>> {
    const startedAt = performance.now();
    const response = await fetch(`${this.#url}/api${path}`, {
      method,
      headers: {
        [FACE_HEADER]: this.#face,
        [IDEMPOTENCY_HEADER]: randomUUID(),
        'content-type': 'application/json',
        cookie: this.cookie,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    const tookMs = performance.now() - startedAt;
    for (const cookie of response.headers.getSetCookie()) this.cookie = cookie.split(';')[0] ?? this.cookie;
    return response.ok
      ? { ok: true, data: schema.parse(answer), tookMs }
      : { ok: false, code: Refusal.parse(answer).code, tookMs };
  }

  /** @throws Error when the request is refused */
  async expect<T>(method: 'GET' | 'POST' | 'PUT', path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const answer = await this.send(method, path, schema, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.code}`);
    return answer.data;
  }

  async signInStaff(username: string, password: string): Promise<void> {
    await this.expect('POST', '/session/staff', z.object({}), { username, password });
  }

  /** With the code from the demo inbox. */
  async signInResident(phone: string): Promise<void> {
    await this.expect('POST', '/session/resident/code', z.object({}), { phone });
    for (let tries = 0; tries < 100; tries += 1) {
      const { messages } = await this.expect('GET', `/demo/inbox?phone=${phone}`, DemoInbox);
      const code = messages.map(({ text }) => /\d{6}/.exec(text)?.[0]).find((found) => found !== undefined);
      if (code !== undefined) {
        await this.expect('POST', '/session/resident', z.object({}), { phone, code });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no login code for ${phone}`);
  }
}
