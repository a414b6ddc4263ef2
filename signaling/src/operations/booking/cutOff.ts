import { AppError } from '@cloud-hospital/protocol';
import type { Config } from '../../config.ts';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { changeableUntil, changeCutoffMinutes } from './changeableUntil.ts';
import { isClinicStaff } from './visibility.ts';

/** @throws AppError TOO_LATE_TO_CHANGE with `minutes`; never for the clinic's staff */
export function assertBeforeCutOff(unit: Unit, config: Config, actor: Actor, start: Date): void {
  if (isClinicStaff(actor) || unit.now < changeableUntil(config, start)) return;
  throw new AppError('TOO_LATE_TO_CHANGE', { minutes: changeCutoffMinutes(config) });
}
