import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@cloud-hospital/protocol';
import type { Express } from 'express';
import { z } from 'zod';
import { readFilm } from '../operations/recording/play.ts';
import type { Services } from '../Services.ts';
import { assertAllowed, commandContext } from './procedures.ts';
import { requestContext } from './requestContext.ts';

const Id = z.uuid();

/** A recorded consultation by ranges, decrypted on its way out. The opening was audited; its ranges aren't. */
export function serveRecordingContent(app: Express, services: Services): void {
  app.get('/api/recording-openings/:openingId/content', (request, response, next) => {
    const serve = async (): Promise<void> => {
      const context = await requestContext(services, request, [], request.query['face']);
      await assertAllowed(context, 'recording:read');
      const id = Id.safeParse(request.params.openingId);
      if (!id.success) throw new AppError('NOT_FOUND');
      const film = await readFilm(services, commandContext(context).agent, id.data);
      response.set({
        'Accept-Ranges': 'bytes',
        'Content-Type': 'video/webm',
        'Content-Disposition': 'inline',
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'private, no-store',
      });
      const ranges = request.headers.range === undefined ? undefined : request.range(film.bytes);
      const range = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined;
      if (ranges === -1) {
        response.status(416).set('Content-Range', `bytes */${film.bytes}`).end();
        return;
      }
      const { start, end } = range ?? { start: 0, end: film.bytes - 1 };
      response.status(range === undefined ? 200 : 206).set('Content-Length', String(end - start + 1));
      if (range !== undefined) response.set('Content-Range', `bytes ${start}-${end}/${film.bytes}`);
      await pipeline(Readable.from(upTo(film.content(start), end - start + 1)), response);
    };
    serve().catch((error: unknown) => {
      // Whoever jumps to another place in it, or closes the page, needs no answer.
      if (!response.headersSent) next(error);
      else response.destroy();
    });
  });
}

async function* upTo(content: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of content) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
