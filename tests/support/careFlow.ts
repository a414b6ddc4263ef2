import { AppError, type EncounterId, type SlotId } from '@cloud-hospital/protocol';
import type { Appointment, Encounter } from '@cloud-hospital/protocol/rest';
import { confirm } from '../../signaling/src/operations/booking/confirm.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { checkIn } from '../../signaling/src/operations/clinic/checkIn.ts';
import { recordConsent } from '../../signaling/src/operations/clinic/recordConsent.ts';
import { registerWalkIn } from '../../signaling/src/operations/clinic/registerWalkIn.ts';
import { setReady } from '../../signaling/src/operations/clinic/setReady.ts';
import { beginEncounter } from '../../signaling/src/operations/encounter/beginEncounter.ts';
import { answerCall } from '../../signaling/src/operations/queue/answerCall.ts';
import type { CareDistrict, TestClinic, TestResident, TestSpecialist } from './careDistrict.ts';
import { randomIdentityNumber } from './careDistrict.ts';

/** The coded error an operation must fail with; anything else is thrown. */
export async function failure(operation: Promise<unknown>): Promise<AppError> {
  const error: unknown = await operation.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw error;
}

/** The usual way of one visit, step by step, as people and terminals would go it. */
export class CareFlow {
  readonly district: CareDistrict;
  readonly clinic: TestClinic;
  readonly specialist: TestSpecialist;

  constructor(district: CareDistrict, clinic: TestClinic, specialist: TestSpecialist) {
    this.district = district;
    this.clinic = clinic;
    this.specialist = specialist;
  }

  async book(resident: TestResident, inMinutes: number): Promise<Appointment> {
    return this.#book(resident, await this.district.slot(this.specialist, inMinutes));
  }

  /** For today, so that they can be checked in. @param inMinutes at most 120 */
  async bookToday(resident: TestResident, inMinutes: number): Promise<Appointment> {
    return this.#book(resident, await this.district.slotToday(this.specialist, inMinutes));
  }

  async #book(resident: TestResident, slotId: SlotId): Promise<Appointment> {
    const { services } = this.district;
    const context = this.district.context(resident.actor);
    const held = await hold(services, context, { slotId, patientId: resident.patientId });
    return confirm(services, context, {
      appointmentId: held.appointmentId,
      version: held.version,
      locationId: this.clinic.locationId,
      complaint: '胸闷三天',
    });
  }

  checkIn(appointment: Appointment): Promise<Encounter> {
    return checkIn(this.district.services, this.district.context(this.clinic.nurse), {
      by: 'ticket',
      ticketQr: appointment.ticketQr ?? '',
    });
  }

  walkIn(options: { clinic?: TestClinic; urgent?: boolean; name?: string } = {}): Promise<Encounter> {
    return registerWalkIn(this.district.services, this.district.context((options.clinic ?? this.clinic).nurse), {
      name: options.name ?? '赵大爷',
      identityNumber: randomIdentityNumber(),
      practitionerRoleId: this.specialist.practitionerRoleId,
      complaint: '头晕两天',
      urgent: options.urgent ?? false,
    });
  }

  async consent(encounterId: EncounterId, clinic: TestClinic = this.clinic): Promise<void> {
    await recordConsent(this.district.services, this.district.context(clinic.nurse), {
      encounterId,
      purpose: 'consultation',
      decision: 'active',
      method: 'signed-paper',
    });
  }

  /** Consents and sits down before the terminal. */
  async ready(encounterId: EncounterId, clinic: TestClinic = this.clinic): Promise<Encounter> {
    await this.consent(encounterId, clinic);
    return setReady(this.district.services, this.district.context(clinic.nurse), { encounterId, ready: true });
  }

  async answer(encounterId: EncounterId, clinic: TestClinic = this.clinic) {
    return this.district.services.commands.run(this.district.context(clinic.nurse), (unit) =>
      answerCall(unit, clinic.nurse, encounterId),
    );
  }

  /** Answers, and the first media connects. */
  async begin(encounterId: EncounterId, clinic: TestClinic = this.clinic): Promise<void> {
    await this.answer(encounterId, clinic);
    await this.district.asSystem((unit) => beginEncounter(unit, encounterId));
  }
}
