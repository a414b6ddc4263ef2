import type { Readable } from 'node:stream';
import { AppError, ERROR_STATUS } from '@cloud-hospital/protocol';
import { UPLOAD_PATH, UploadMetadata } from '@cloud-hospital/protocol/rest';
import { DataStore, type Locker, Server, Upload } from '@tus/server';
import type { Express } from 'express';
import { z } from 'zod';
import { completeUpload } from '../operations/attachment/complete.ts';
import { appendUpload, createUpload, uploadState } from '../operations/attachment/upload.ts';
import type { Services } from '../Services.ts';
import type { ActorContext } from '../store/command.ts';
import { errorBody, toAppError } from './errors.ts';
import { assertSameOrigin } from './origin.ts';
import { assertAllowed, commandContext } from './procedures.ts';
import { requestContext } from './requestContext.ts';

/** Kept as one write while it streams in; also what a cut line can cost beside what was never sent. Bytes. */
const BLOCK_BYTES = 64 * 1024;
/** Of tus only what is needed: make one, ask how far it is, go on. Nobody can delete by it. */
const METHODS = new Set(['POST', 'HEAD', 'PATCH', 'OPTIONS']);
const UploadId = z.uuid();
const UploadLength = z.coerce.number().int().positive();

/** The row's lock in PostgreSQL decides, for all replicas alike: see `appendUpload`. */
const NO_LOCK: Locker = { newLock: () => ({ lock: () => Promise.resolve(), unlock: () => Promise.resolve() }) };

/** The tus server's view of attachments, for one request of one person. */
class UploadStore extends DataStore {
  readonly #services: Services;
  readonly #context: ActorContext;

  constructor(services: Services, context: ActorContext) {
    super();
    this.#services = services;
    this.#context = context;
    this.extensions = ['creation', 'creation-with-upload'];
  }

  override async getUpload(id: string): Promise<Upload> {
    if (!UploadId.safeParse(id).success) throw new AppError('NOT_FOUND');
    const { bytes, received, status } = await uploadState(this.#services, this.#context, id);
    // All of it came, and the replica ended before it had looked into it.
    if (received === bytes && status === 'in-progress') await completeUpload(this.#services, this.#context, id);
    return new Upload({ id, size: bytes, offset: received });
  }

  /** @returns how far it came, all of it durable; what came before a line was cut is kept, too */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    let received = offset;
    let parts: Buffer[] = [];
    let size = 0;
    const flush = async (): Promise<void> => {
      if (size === 0) return;
      const content = Buffer.concat(parts);
      parts = [];
      size = 0;
      received = await appendUpload(this.#services, this.#context, id, { offset: received, content });
    };
    try {
      const incoming: AsyncIterable<unknown> = stream;
      for await (const bytes of incoming) {
        if (!Buffer.isBuffer(bytes)) throw new TypeError('a request body is made of bytes');
        parts.push(bytes);
        size += bytes.length;
        if (size >= BLOCK_BYTES) await flush();
      }
    } finally {
      await flush();
    }
    return received;
  }
}

function tusServer(services: Services, context: ActorContext): Server {
  return new Server({
    path: UPLOAD_PATH,
    relativeLocation: true,
    // No other origin's page may upload; without this the library answers `*`.
    allowedOrigins: [],
    locker: NO_LOCK,
    datastore: new UploadStore(services, context),
    namingFunction: (request, metadata) => {
      const input = UploadMetadata.safeParse(metadata);
      const bytes = UploadLength.safeParse(request.headers.get('upload-length'));
      if (!input.success || !bytes.success) throw new AppError('BAD_REQUEST', { field: 'upload-metadata' });
      return createUpload(services, context, { ...input.data, bytes: bytes.data });
    },
    onUploadFinish: async (_request, { id }) => {
      await completeUpload(services, context, id);
      return {};
    },
    onResponseError: (_request, error) => {
      // The library's own refusals are about the protocol and say so themselves.
      if (!(error instanceof Error)) return undefined;
      const known = toAppError(error);
      if (known.code === 'INTERNAL' || known.code === 'STORAGE_FULL') {
        services.log.error({ err: error, requestId: context.requestId }, 'upload failed');
      }
      return { status_code: ERROR_STATUS[known.code], body: JSON.stringify(errorBody(known)) };
    },
  });
}

/** Resumable uploads (tus 1.0) beside a consultation. */
export function serveUploads(app: Express, services: Services): void {
  app.use(UPLOAD_PATH, (request, response, next) => {
    const serve = async (): Promise<void> => {
      if (!METHODS.has(request.method)) throw new AppError('NOT_FOUND');
      assertSameOrigin(services.config, request);
      const context = await requestContext(services, request, []);
      await assertAllowed(context, 'attachment:write');
      response.setHeader('Cache-Control', 'no-store');
      // Express strips the mount path; the library wants the whole one.
      request.url = request.originalUrl;
      await tusServer(services, commandContext(context)).handle(request, response);
    };
    serve().catch(next);
  });
}
