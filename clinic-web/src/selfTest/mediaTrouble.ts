/** Why a device can't be had, as far as a person can do something about it. */
export type MediaTrouble = 'insecure' | 'denied' | 'missing' | 'busy';

/** @throws whatever isn't a device's error */
export function mediaTrouble(error: unknown): MediaTrouble {
  if (!(error instanceof DOMException)) throw error;
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    default:
      return 'busy';
  }
}

/** Absent outside secure contexts, where no device can be had at all. */
export const hasMediaDevices = (): boolean => 'mediaDevices' in navigator;
