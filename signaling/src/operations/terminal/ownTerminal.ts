import { AppError, type DeviceId } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';

/** The terminal behind the request. @throws AppError NOT_FOUND at a desk, which is no terminal */
export function ownTerminal({ deviceId }: Actor): DeviceId {
  if (deviceId === null) throw new AppError('NOT_FOUND');
  return deviceId;
}
