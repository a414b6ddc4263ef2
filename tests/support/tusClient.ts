import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { AttachmentId, FACE_HEADER, type Face, IDEMPOTENCY_HEADER } from '@cloud-hospital/protocol';

interface TusAnswer {
  readonly status: number;
  readonly offset: number | null;
  readonly location: string | null;
  readonly code: string | null;
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** The tus protocol by hand, so that a test can do to it what a library wouldn't. */
export class TusClient {
  readonly #url: string;
  readonly #face: Face;
  readonly #cookie: string;

  constructor(url: string, face: Face, cookie: string) {
    this.#url = url;
    this.#face = face;
    this.#cookie = cookie;
  }

  /** The same person at another replica. */
  at(url: string): TusClient {
    return new TusClient(url, this.#face, this.#cookie);
  }

  get headers(): Record<string, string> {
    return { [FACE_HEADER]: this.#face, cookie: this.#cookie };
  }

  async #send(method: string, path: string, headers: Record<string, string>, body?: Buffer): Promise<TusAnswer> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { ...this.headers, 'tus-resumable': '1.0.0', ...headers },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    });
    const offset = response.headers.get('upload-offset');
    const code = /"code":"([A-Z_]+)"/.exec(await response.text());
    return {
      status: response.status,
      offset: offset === null ? null : Number(offset),
      location: response.headers.get('location'),
      code: code?.[1] ?? null,
    };
  }

  create(metadata: Record<string, string>, bytes: number, idempotencyKey: string = randomUUID()): Promise<TusAnswer> {
    const pairs = Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`);
    return this.#send('POST', '/api/uploads', {
      'upload-length': String(bytes),
      'upload-metadata': pairs.join(','),
      [IDEMPOTENCY_HEADER]: idempotencyKey,
    });
  }

  head(location: string): Promise<TusAnswer> {
    return this.#send('HEAD', location, {});
  }

  patch(location: string, offset: number, content: Buffer): Promise<TusAnswer> {
    return this.#send(
      'PATCH',
      location,
      { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      content,
    );
  }

  /** Says that all of it comes, sends a part, and cuts the line. */
  cutPatch(location: string, offset: number, content: Buffer, sent: number): Promise<void> {
    return new Promise((resolve) => {
      const request = httpRequest(`${this.#url}${location}`, {
        method: 'PATCH',
        headers: {
          ...this.headers,
          'tus-resumable': '1.0.0',
          'upload-offset': String(offset),
          'content-type': 'application/offset+octet-stream',
          'content-length': content.length,
        },
      });
      request.on('error', () => undefined);
      request.on('close', resolve);
      request.write(content.subarray(0, sent), () => setTimeout(() => request.destroy(), 50));
    });
  }

  /** The whole file in one go. @returns its id and the last answer */
  async upload(metadata: Record<string, string>, content: Buffer): Promise<TusAnswer & { attachmentId: AttachmentId }> {
    const created = await this.create(metadata, content.length);
    if (created.location === null) throw new Error(`no upload: ${created.status} ${created.code ?? ''}`);
    const answer = await this.patch(created.location, 0, content);
    return { ...answer, attachmentId: AttachmentId.parse(created.location.split('/').at(-1)) };
  }

  async download(attachmentId: string): Promise<{ status: number; headers: Headers; content: Buffer }> {
    const response = await fetch(`${this.#url}/api/attachments/${attachmentId}/content`, { headers: this.headers });
    return { status: response.status, headers: response.headers, content: Buffer.from(await response.arrayBuffer()) };
  }
}
