import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@cloud-hospital/protocol';
import type { Express } from 'express';
import { z } from 'zod';
import { readAttachment } from '../operations/attachment/read.ts';
import type { Services } from '../Services.ts';
import { assertAllowed, commandContext } from './procedures.ts';
import { requestContext } from './requestContext.ts';

const Id = z.uuid();

/** A file's content, decrypted on its way out. Always as a download: pages show pictures by a `blob:` of their own. */
export function serveAttachmentContent(app: Express, services: Services): void {
  app.get('/api/attachments/:attachmentId/content', (request, response, next) => {
    const serve = async (): Promise<void> => {
      const context = await requestContext(services, request, []);
      await assertAllowed(context, 'attachment:read');
      const id = Id.safeParse(request.params.attachmentId);
      if (!id.success) throw new AppError('NOT_FOUND');
      const { contentType, bytes, fileName, content } = await readAttachment(
        services,
        commandContext(context),
        id.data,
      );
      response.set({
        'Content-Type': contentType,
        'Content-Length': String(bytes),
        'Content-Disposition': `attachment; filename="${fileName}"`,
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'private, no-store',
      });
      await pipeline(Readable.from(content), response);
    };
    serve().catch((error: unknown) => {
      // Whoever closed the page meanwhile needs no answer.
      if (!response.headersSent) next(error);
      else response.destroy();
    });
  });
}
