import type { Insertable } from 'kysely';
import { ticketNumber } from '../domain/ticketNumber.ts';
import type { AppointmentTable } from '../store/schema.ts';
import type { SlotTable } from '../store/scheduling.schema.ts';
import type { PlannedVisit, VisitTimes } from './planVisits.ts';
import type { Random } from './random.ts';
import type { Clinic } from './seedDirectory.ts';
import type { Resident } from './seedResidents.ts';
import type { SpecialistMember } from './seedStaff.ts';

const MINUTE_MS = 60_000;
const SLOT_MINUTES = 15;
const BOOKED = 0.85;
const NO_SHOWS = 7;

/** An appointment of yesterday with the slot it took; the rest of the history walked in. */
export interface PastBooking {
  readonly slot: Insertable<SlotTable> & { id: string };
  readonly appointment: Insertable<AppointmentTable> & { id: string };
  readonly start: Date;
}

/** Yesterday's bookings: a specialist's one after the other in quarters of an hour, whatever came of them. */
export class Yesterday {
  readonly #random: Random;
  /** Next free quarter, by specialist. */
  readonly #next = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** The booking that led to this visit; null: they walked in, or no quarter before it was free. */
  of({ resident, specialist }: PlannedVisit, clinic: Clinic, time: VisitTimes): PastBooking | null {
    const quarter = SLOT_MINUTES * MINUTE_MS;
    const wished = time.startedAt.getTime() - this.#random.int(0, 14) * MINUTE_MS;
    const start = Math.floor(wished / quarter) * quarter;
    const next = this.#next.get(specialist.practitionerRoleId) ?? start;
    if (start < next || !this.#random.chance(BOOKED)) {
      this.#next.set(specialist.practitionerRoleId, next);
      return null;
    }
    this.#next.set(specialist.practitionerRoleId, start + quarter);
    return this.#book(resident, specialist, clinic, new Date(start), 'fulfilled');
  }

  /** Booked and never came, each with somebody who worked yesterday. */
  noShows(
    residents: readonly Resident[],
    specialists: readonly SpecialistMember[],
    clinics: readonly Clinic[],
  ): PastBooking[] {
    const worked = specialists.flatMap((specialist) => {
      const start = this.#next.get(specialist.practitionerRoleId);
      return start === undefined ? [] : [{ specialist, start }];
    });
    return worked.slice(0, NO_SHOWS).flatMap(({ specialist, start }, index) => {
      const resident = residents[index];
      const clinic = clinics[resident?.clinic ?? -1];
      if (resident === undefined || clinic === undefined) return [];
      return [this.#book(resident, specialist, clinic, new Date(start), 'noshow')];
    });
  }

  #book(
    resident: Resident,
    specialist: SpecialistMember,
    clinic: Clinic,
    start: Date,
    status: 'fulfilled' | 'noshow',
  ): PastBooking {
    const end = new Date(start.getTime() + SLOT_MINUTES * MINUTE_MS);
    const place = {
      practitioner_id: specialist.practitionerId,
      practitioner_role_id: specialist.practitionerRoleId,
      period: `[${start.toISOString()},${end.toISOString()})`,
    };
    const slot = { ...place, id: this.#random.uuid(), schedule_id: null, status: 'busy' as const };
    const minutes = Math.floor((start.getTime() / MINUTE_MS) % (24 * 60));
    return {
      start,
      slot,
      appointment: {
        ...place,
        id: this.#random.uuid(),
        slot_id: slot.id,
        patient_id: resident.patientId,
        location_id: clinic.id,
        status,
        // One number a quarter of an hour: never twice on one day.
        ticket_number: ticketNumber('appointment', Math.floor(minutes / SLOT_MINUTES) + 1),
        booked_by_account: resident.accountId,
        booked_by_role: 'resident',
      },
    };
  }
}
