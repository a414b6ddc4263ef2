import type { WorklistStatus } from '@cloud-hospital/protocol/rest';
import type {
  AppointmentStatus,
  EncounterOutcome,
  EncounterStatus,
  QueueEntryState,
} from '@cloud-hospital/protocol/states';

export interface WorklistFacts {
  readonly now: Date;
  readonly appointment: { readonly status: AppointmentStatus; readonly start: Date } | null;
  readonly encounter: {
    readonly status: EncounterStatus;
    readonly outcome: EncounterOutcome | null;
    readonly ready: boolean;
    readonly entryState: QueueEntryState | null;
    readonly printedAt: Date | null;
  } | null;
  /** Of the newest version. */
  readonly reportSignedAt: Date | null;
}

/** Outcomes after which nobody waits for an opinion. */
const WITHOUT_REPORT: ReadonlySet<EncounterOutcome> = new Set(['interrupted', 'patient-left']);

function finishedStatus(encounter: NonNullable<WorklistFacts['encounter']>, signedAt: Date | null): WorklistStatus {
  if (signedAt === null) {
    return encounter.outcome !== null && WITHOUT_REPORT.has(encounter.outcome) ? 'done' : 'report-pending';
  }
  // An amendment is newer than the paper the resident has.
  return encounter.printedAt !== null && encounter.printedAt >= signedAt ? 'done' : 'to-print';
}

/** What the clinic's worklist says of one visit in one word. */
export function worklistStatus(facts: WorklistFacts): WorklistStatus {
  const { appointment, encounter } = facts;
  if (encounter !== null) {
    switch (encounter.status) {
      case 'planned':
      case 'arrived':
        if (encounter.entryState === 'called' || encounter.entryState === 'serving') return 'called';
        return encounter.ready ? 'waiting' : 'checked-in';
      case 'in-progress':
        return 'in-progress';
      case 'onleave':
        return encounter.entryState === 'called' ? 'called' : 'onleave';
      case 'finished':
        return finishedStatus(encounter, facts.reportSignedAt);
      case 'cancelled':
        return 'cancelled';
    }
  }
  switch (appointment?.status) {
    case 'noshow':
      return 'noshow';
    case 'cancelled':
      return 'cancelled';
    default:
      return appointment !== null && appointment.start <= facts.now ? 'late' : 'booked';
  }
}
