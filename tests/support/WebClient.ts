import { type Face, FACE_HEADER, IDEMPOTENCY_HEADER } from '@cloud-hospital/protocol';
import { z } from 'zod';

/** What came back. */
export interface Answer {
  readonly status: number;
  /** As it came, for byte-for-byte comparisons. */
  readonly text: string;
  readonly headers: Headers;
  readonly body: unknown;
  /** The error's code; undefined for a success. */
  readonly code: string | undefined;
  /** Of the error's details. */
  readonly reason: string | undefined;
  /** The body as the contract describes it. */
  read<T>(schema: z.ZodType<T>): T;
}

const Failure = z.object({
  code: z.string().optional(),
  data: z.object({ reason: z.string().optional() }).optional(),
});
const Messages = z.object({ messages: z.array(z.object({ kind: z.string(), text: z.string() })) });

interface RequestOptions {
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A browser as the server sees it: one face, its cookies, JSON in and out. */
export class WebClient {
  readonly face: Face;
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string, face: Face) {
    this.#url = url;
    this.face = face;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** @param path under `/api` */
  async request(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    const response = await fetch(`${this.#url}/api${path}`, {
      method,
      headers: {
        [FACE_HEADER]: this.face,
        origin: this.#url,
        ...(this.#cookies.size === 0 ? {} : { cookie: this.cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.idempotencyKey === undefined ? {} : { [IDEMPOTENCY_HEADER]: options.idempotencyKey }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    // A proxy's own page, where nobody behind it answers.
    if (type.startsWith('text/html')) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 200)}`);
    const parsed: unknown = text === '' ? null : JSON.parse(text);
    const failure = response.ok ? undefined : Failure.safeParse(parsed).data;
    return {
      status: response.status,
      text,
      headers: response.headers,
      body: parsed,
      code: failure?.code,
      reason: failure?.data?.reason,
      read: (schema) => schema.parse(parsed),
    };
  }

  get(path: string, options?: RequestOptions): Promise<Answer> {
    return this.request('GET', path, undefined, options);
  }
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('POST', path, body ?? {}, options);
  }
  put(path: string, body: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('PUT', path, body, options);
  }
  delete(path: string): Promise<Answer> {
    return this.request('DELETE', path);
  }
}

/** The newest login code that the demo district's carrier would have delivered to the phone. */
export async function readLoginCode(client: WebClient, phone: string): Promise<string> {
  const { messages } = (await client.get(`/demo/inbox?phone=${phone}`)).read(Messages);
  const message = messages.find(({ kind }) => kind === 'login-code');
  const [code] = /\d{6}/.exec(message?.text ?? '') ?? [];
  if (code === undefined) throw new Error(`no code for ${phone}`);
  return code;
}

/** A resident signed in by the code of the demo inbox. */
export async function signInResident(url: string, phone: string): Promise<WebClient> {
  const client = new WebClient(url, 'resident');
  await client.post('/session/resident/code', { phone });
  const { status, text } = await client.post('/session/resident', { phone, code: await readLoginCode(client, phone) });
  if (status !== 200) throw new Error(`resident not signed in: ${text}`);
  return client;
}

/** Staff signed in at a desk (`terminal`) or console. */
export async function signInStaff(
  url: string,
  face: 'terminal' | 'console',
  username: string,
  password: string,
): Promise<WebClient> {
  const client = new WebClient(url, face);
  const { status, text } = await client.post('/session/staff', { username, password });
  if (status !== 200) throw new Error(`${username} not signed in: ${text}`);
  return client;
}
