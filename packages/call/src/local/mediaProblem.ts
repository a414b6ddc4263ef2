import type { CallProblemCode } from '../callState.types.ts';

/** `examination`: a second camera, for what the specialist wants to see closely. */
export const CAPTURE_SOURCES = ['microphone', 'camera', 'examination'] as const;
export type CaptureSource = (typeof CAPTURE_SOURCES)[number];
type Trouble = 'denied' | 'missing' | 'busy' | 'lost';

export const problemCode = (source: CaptureSource, trouble: Trouble): CallProblemCode => `${source}-${trouble}`;

export const problemsOf = (source: CaptureSource): CallProblemCode[] =>
  (['denied', 'missing', 'busy', 'lost'] as const).map((trouble) => problemCode(source, trouble));

/**
 * What a refusal of getUserMedia means to a person.
 * Names of the exceptions: W3C Media Capture and Streams, §10.2 getUserMedia().
 */
export function troubleOf(error: unknown): Trouble {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
    case 'PermissionDeniedError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    // NotReadableError, AbortError: another program holds the device, or its driver failed.
    default:
      return 'busy';
  }
}
