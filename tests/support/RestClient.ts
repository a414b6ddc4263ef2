import { randomUUID } from 'node:crypto';
import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { FACE_HEADER, type Face, IDEMPOTENCY_HEADER } from '@cloud-hospital/protocol';
import { z } from 'zod';

const DemoInbox = z.object({ messages: z.array(z.object({ text: z.string() })) });
const Refusal = z.object({ code: z.string(), data: z.unknown().optional() });

export type Answer<T> =
  | { readonly ok: true; readonly data: T; readonly tookMs: number }
  | { readonly ok: false; readonly code: string; readonly data?: unknown; readonly tookMs: number };

/** A connection for each request under way, kept open. node:http, because `fetch` costs the machine twice as much. */
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

interface Exchange {
  readonly status: number;
  readonly setCookie: readonly string[];
  readonly text: string;
}

function exchange(url: string, method: string, headers: OutgoingHttpHeaders, body: unknown): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, setCookie: response.headers['set-cookie'] ?? [], text }),
      );
    });
    sent.on('error', (error) => {
      // The server closed an idle connection just as we took it up: nothing of the request was read.
      if (sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET')
        resolve(exchange(url, method, headers, body));
      else reject(error);
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A signed-in person who speaks plain REST, as any program could. */
export class RestClient {
  readonly #url: string;
  readonly #face: Face;
  cookie: string;

  constructor(url: string, face: Face, cookie = '') {
    this.#url = url;
    this.#face = face;
    this.cookie = cookie;
  }

  async send<T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    schema: z.ZodType<T>,
    body?: unknown,
    idempotencyKey: string = randomUUID(),
  ): Promise<Answer<T>> {
    const startedAt = performance.now();
    const headers = {
      [FACE_HEADER]: this.#face,
      [IDEMPOTENCY_HEADER]: idempotencyKey,
      'content-type': 'application/json',
      cookie: this.cookie,
    };
    const { status, setCookie, text } = await exchange(`${this.#url}/api${path}`, method, headers, body);
    const tookMs = performance.now() - startedAt;
    const answer: unknown = JSON.parse(text);
    for (const cookie of setCookie) this.cookie = cookie.split(';')[0] ?? this.cookie;
    if (status < 400) return { ok: true, data: schema.parse(answer), tookMs };
    return { ok: false, ...Refusal.parse(answer), tookMs };
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
