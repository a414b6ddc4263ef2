import { z } from 'zod';
import { EncounterId } from '../common/ids.ts';
import { procedure } from './procedure.ts';
import { RecordingMark, RecordingOpening, RecordingRecord } from './recording.schemas.ts';

const ofEncounter = z.object({ encounterId: EncounterId });

/** Only inside a recording consent, which the terminal takes and takes back (`clinic.recordConsent`). */
export const recordings = {
  /** CONSENT_REQUIRED without one; MEDIA_UNAVAILABLE where nothing can record. */
  start: procedure('recording:control')
    .route({ method: 'POST', path: '/encounters/{encounterId}/recording' })
    .input(ofEncounter)
    .output(RecordingMark),
  /** Stopping what doesn't run succeeds. */
  stop: procedure('recording:control')
    .route({ method: 'POST', path: '/encounters/{encounterId}/recording/stop' })
    .input(ofEncounter)
    .output(z.object({})),
  get: procedure('recording:read')
    .route({ method: 'GET', path: '/encounters/{encounterId}/recording' })
    .input(ofEncounter)
    .output(RecordingRecord),
  /** Somebody is going to watch it: the one trace of that. What may be read afterwards: `recordingContentPath`. */
  open: procedure('recording:read')
    .route({ method: 'POST', path: '/encounters/{encounterId}/recording/openings' })
    .input(ofEncounter)
    .output(RecordingOpening),
};
