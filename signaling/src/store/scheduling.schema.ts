import type { Role } from '@cloud-hospital/protocol';
import type {
  CalendarDayKind,
  ProposalKind,
  ScheduleChangeCause,
  ScheduleChangeStatus,
  ScheduleExceptionKind,
  SlotStatus,
} from '@cloud-hospital/protocol/states';
import type { ColumnType, Generated } from 'kysely';

/** Tables of the schedules, as part of `schema.ts`. */

export interface ScheduleTable {
  id: Generated<string>;
  practitioner_role_id: string;
  weekday: number;
  start_time: string;
  end_time: string;
  slot_minutes: number;
  walk_in_capacity: Generated<number>;
  effective_from: string;
  effective_to: string | null;
  organization_id: ColumnType<string | null, string | null | undefined, string | null>;
  on_holidays: Generated<boolean>;
  version: Generated<number>;
}

export interface SlotTable {
  id: Generated<string>;
  schedule_id: string | null;
  practitioner_id: string;
  practitioner_role_id: string;
  period: string;
  status: Generated<SlotStatus>;
  exception_id: Generated<string | null>;
  version: Generated<number>;
  freed_at: Generated<Date>;
  waitlist_until: Date | null;
}

export interface CalendarDayTable {
  day: string;
  kind: CalendarDayKind;
  name_zh: string;
  name_en: string;
  template_weekday: number | null;
  provisional: Generated<boolean>;
  version: Generated<number>;
}

export interface ScheduleExceptionTable {
  id: Generated<string>;
  practitioner_role_id: string;
  kind: ScheduleExceptionKind;
  first_day: string;
  last_day: string;
  start_time: string | null;
  end_time: string | null;
  slot_minutes: number | null;
  walk_in_capacity: number | null;
  organization_id: string | null;
  reason: string;
  made_by_account: string;
  made_by_role: Role;
  created_at: Generated<Date>;
  withdrawn_at: Generated<Date | null>;
  version: Generated<number>;
}

export interface ScheduleChangeTable {
  id: Generated<string>;
  appointment_id: string;
  patient_id: string;
  practitioner_role_id: string;
  organization_id: string;
  cause: ScheduleChangeCause;
  status: Generated<ScheduleChangeStatus>;
  answer_by: Date;
  alerted_at: Generated<Date | null>;
  answered_at: Generated<Date | null>;
  answered_by_account: Generated<string | null>;
  answered_by_role: Generated<string | null>;
  new_appointment_id: Generated<string | null>;
  created_at: Generated<Date>;
  version: Generated<number>;
}

export interface ScheduleChangeProposalTable {
  schedule_change_id: string;
  slot_id: string;
  kind: ProposalKind;
  offered_at: Generated<Date>;
  gone_at: Generated<Date | null>;
}

export interface SchedulingTables {
  schedule: ScheduleTable;
  slot: SlotTable;
  calendar_day: CalendarDayTable;
  schedule_exception: ScheduleExceptionTable;
  schedule_change: ScheduleChangeTable;
  schedule_change_proposal: ScheduleChangeProposalTable;
}
