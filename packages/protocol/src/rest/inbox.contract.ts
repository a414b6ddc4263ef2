import { z } from 'zod';
import { Instant, Phone } from '../common/values.ts';
import { procedure } from './procedure.ts';

export const inbox = {
  list: procedure('inbox:read')
    .route({ method: 'GET', path: '/inbox' })
    .output(
      z.object({
        messages: z.array(z.object({ sentAt: Instant, kind: z.string(), text: z.string(), read: z.boolean() })),
      }),
    ),
  /** Demo district only: what the carrier would have delivered, newest first, login codes included. */
  demo: procedure('public:demo-inbox')
    .route({ method: 'GET', path: '/demo/inbox' })
    .input(z.object({ phone: Phone.optional() }))
    .output(
      z.object({
        messages: z.array(z.object({ sentAt: Instant, to: z.string(), kind: z.string(), text: z.string() })),
      }),
    ),
};
