import { z } from 'zod';
import { AttachmentId, ChatMessageId, EncounterId, StillRequestId } from '../common/ids.ts';
import { Annotation, AnnotationLayer, ChatMessage, ChatReceipt, Exchange, StillRequest } from './exchange.schemas.ts';
import { procedure } from './procedure.ts';

/** Beside the video. Files themselves travel by tus (`UPLOAD_PATH`) and are read from `attachmentContentPath`. */
export const exchange = {
  get: procedure('exchange:read')
    .route({ method: 'GET', path: '/encounters/{encounterId}/exchange' })
    .input(z.object({ encounterId: EncounterId }))
    .output(Exchange),
  sendMessage: procedure('chat:write')
    .route({ method: 'POST', path: '/encounters/{encounterId}/messages' })
    .input(z.object({ encounterId: EncounterId, text: z.string().trim().min(1).max(1000) }))
    .output(ChatMessage),
  /** Everything up to this message was on the screen. */
  markRead: procedure('exchange:read')
    .route({ method: 'PUT', path: '/encounters/{encounterId}/messages/read' })
    .input(z.object({ encounterId: EncounterId, messageId: ChatMessageId }))
    .output(ChatReceipt),
  /** Asks the camera of the terminal, or of the resident's phone, for a picture. While one is being waited for it answers that one. */
  requestStill: procedure('still:request')
    .route({ method: 'POST', path: '/encounters/{encounterId}/still-requests' })
    .input(z.object({ encounterId: EncounterId }))
    .output(StillRequest),
  /** There will be no picture: whoever sits there discarded it, or the camera couldn't. */
  declineStill: procedure('still:answer')
    .route({ method: 'POST', path: '/still-requests/{stillRequestId}/decline' })
    .input(z.object({ stillRequestId: StillRequestId, reason: z.enum(['discarded', 'failed']) }))
    .output(StillRequest),
  /** A new version of what is drawn on a picture. VERSION_CONFLICT when somebody saved meanwhile. */
  annotate: procedure('attachment:annotate')
    .route({ method: 'POST', path: '/attachments/{attachmentId}/annotations' })
    .input(z.object({ attachmentId: AttachmentId, baseVersion: z.int().min(0), layer: AnnotationLayer }))
    .output(Annotation),
};
