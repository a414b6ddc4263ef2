import { AppError } from '@cloud-hospital/protocol';
import type { ScheduleEdit } from '@cloud-hospital/protocol/rest';
import type { ScheduleChangeCause } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import type { Actor } from '../../domain/Actor.ts';
import { addDays, localDate } from '../../domain/localTime.ts';
import type { Unit } from '../../store/command.ts';
import { accountOf } from '../booking/visibility.ts';

/** Days beyond this are not planned. */
const MAX_DAYS_AHEAD = 366;

/** Which days an edit touches, and what it is to an appointment whose time goes. `last` null: no end. */
export interface EditScope {
  readonly first: string;
  readonly last: string | null;
  readonly cause: ScheduleChangeCause;
}

type EditOf<Kind extends ScheduleEdit['kind']> = Extract<ScheduleEdit, { kind: Kind }>;

const wrong = (field: string, reason: string): AppError => new AppError('BAD_REQUEST', { field, reason });

function assertHours(startTime: string, endTime: string, slotMinutes = 0): void {
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  if (endTime <= startTime) throw wrong('endTime', 'before-start');
  if (minutes(endTime) - minutes(startTime) < slotMinutes) throw wrong('slotMinutes', 'longer-than-session');
}

function assertDay(unit: Unit, field: string, day: string): void {
  const today = localDate(unit.now);
  if (day < today) throw wrong(field, 'past');
  if (day > addDays(today, MAX_DAYS_AHEAD)) throw wrong(field, 'too-far');
}

async function assertHospital(unit: Unit, organizationId: string | null): Promise<void> {
  if (organizationId === null) return;
  const found = await unit.tx
    .selectFrom('organization')
    .select('id')
    .where('id', '=', organizationId)
    .where('kind', '=', 'hospital')
    .executeTakeFirst();
  if (found === undefined) throw wrong('organizationId', 'unknown');
}

/** The specialist's own template, locked. @throws AppError NOT_FOUND */
async function templateOf(unit: Unit, practitionerRoleId: string, scheduleId: string) {
  const row = await unit.tx
    .selectFrom('schedule')
    .selectAll()
    .where('id', '=', scheduleId)
    .where('practitioner_role_id', '=', practitionerRoleId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  return row;
}

/** Two sessions at once make no sense, and their slots would push each other out. */
async function assertNoOverlap(unit: Unit, practitionerRoleId: string, edit: EditOf<'set-template'>): Promise<void> {
  const other = await unit.tx
    .selectFrom('schedule')
    .select('id')
    .where('practitioner_role_id', '=', practitionerRoleId)
    .where('weekday', '=', edit.weekday)
    // One that ended before it began never holds.
    .where(sql<boolean>`coalesce(effective_to, 'infinity') >= greatest(effective_from, ${edit.effectiveFrom}::date)`)
    .where(sql<boolean>`effective_from <= coalesce(${edit.effectiveTo}::date, 'infinity')`)
    .where(sql<boolean>`start_time < ${edit.endTime}::time AND end_time > ${edit.startTime}::time`)
    .$if(edit.scheduleId !== null, (query) => query.where('id', '<>', edit.scheduleId ?? ''))
    .executeTakeFirst();
  if (other !== undefined) throw wrong('startTime', 'overlaps');
}

async function setTemplate(unit: Unit, practitionerRoleId: string, edit: EditOf<'set-template'>): Promise<EditScope> {
  assertHours(edit.startTime, edit.endTime, edit.slotMinutes);
  assertDay(unit, 'effectiveFrom', edit.effectiveFrom);
  if (edit.effectiveTo !== null && edit.effectiveTo < edit.effectiveFrom) throw wrong('effectiveTo', 'before-start');
  await assertHospital(unit, edit.organizationId);
  const row = {
    practitioner_role_id: practitionerRoleId,
    weekday: edit.weekday,
    start_time: edit.startTime,
    end_time: edit.endTime,
    slot_minutes: edit.slotMinutes,
    walk_in_capacity: edit.walkInCapacity,
    organization_id: edit.organizationId,
    on_holidays: edit.onHolidays,
    effective_from: edit.effectiveFrom,
    effective_to: edit.effectiveTo,
  };
  if (edit.scheduleId !== null) {
    const old = await templateOf(unit, practitionerRoleId, edit.scheduleId);
    // Ends where the changed one begins: what was before stays readable. One that has not begun by then never holds.
    await unit.tx
      .updateTable('schedule')
      .set((eb) => ({ effective_to: addDays(edit.effectiveFrom, -1), version: eb('version', '+', 1) }))
      .where('id', '=', old.id)
      .where((eb) => eb.or([eb('effective_to', 'is', null), eb('effective_to', '>=', edit.effectiveFrom)]))
      .execute();
  }
  await assertNoOverlap(unit, practitionerRoleId, edit);
  await unit.tx.insertInto('schedule').values(row).execute();
  return { first: edit.effectiveFrom, last: null, cause: 'template' };
}

async function endTemplate(unit: Unit, practitionerRoleId: string, edit: EditOf<'end-template'>): Promise<EditScope> {
  // Yesterday: from today on.
  assertDay(unit, 'lastDay', addDays(edit.lastDay, 1));
  const old = await templateOf(unit, practitionerRoleId, edit.scheduleId);
  if (old.effective_to !== null && old.effective_to < edit.lastDay) throw wrong('lastDay', 'already-ended');
  await unit.tx
    .updateTable('schedule')
    .set((eb) => ({ effective_to: edit.lastDay, version: eb('version', '+', 1) }))
    .where('id', '=', old.id)
    .execute();
  return { first: addDays(edit.lastDay, 1), last: null, cause: 'template' };
}

interface NewException {
  readonly kind: 'leave' | 'shortened-day' | 'extra-session';
  readonly firstDay: string;
  readonly lastDay: string;
  readonly hours: { readonly startTime: string; readonly endTime: string } | null;
  readonly session?: { slotMinutes: number; walkInCapacity: number; organizationId: string | null };
  readonly reason: string;
}

async function addException(
  unit: Unit,
  actor: Actor,
  practitionerRoleId: string,
  exception: NewException,
): Promise<EditScope> {
  const { firstDay, lastDay, hours, session } = exception;
  assertDay(unit, 'firstDay', firstDay);
  assertDay(unit, 'lastDay', lastDay);
  if (lastDay < firstDay) throw wrong('lastDay', 'before-start');
  if (hours !== null) assertHours(hours.startTime, hours.endTime, session?.slotMinutes);
  await assertHospital(unit, session?.organizationId ?? null);
  await unit.tx
    .insertInto('schedule_exception')
    .values({
      practitioner_role_id: practitionerRoleId,
      kind: exception.kind,
      first_day: firstDay,
      last_day: lastDay,
      start_time: hours?.startTime ?? null,
      end_time: hours?.endTime ?? null,
      slot_minutes: session?.slotMinutes ?? null,
      walk_in_capacity: session?.walkInCapacity ?? null,
      organization_id: session?.organizationId ?? null,
      reason: exception.reason,
      made_by_account: accountOf(actor),
      made_by_role: actor.role,
    })
    .execute();
  return {
    first: firstDay,
    last: lastDay,
    cause: exception.kind === 'extra-session' ? 'template' : exception.kind,
  };
}

/** An extra session is one where nothing is planned yet. */
async function assertRoomFor(unit: Unit, practitionerRoleId: string, edit: EditOf<'extra-session'>): Promise<void> {
  const { rows } = await sql<{ overlaps: boolean }>`
    SELECT EXISTS (
      SELECT FROM planned_slots(${edit.day}::date, ${edit.day}::date, ${practitionerRoleId}::uuid)
      WHERE start_at < (${edit.day}::date + ${edit.endTime}::time) AT TIME ZONE 'Asia/Shanghai'
        AND end_at > (${edit.day}::date + ${edit.startTime}::time) AT TIME ZONE 'Asia/Shanghai'
    ) AS overlaps`.execute(unit.tx);
  if (rows[0]?.overlaps === true) throw wrong('startTime', 'overlaps');
}

async function withdrawException(
  unit: Unit,
  practitionerRoleId: string,
  { exceptionId }: EditOf<'withdraw-exception'>,
): Promise<EditScope> {
  const row = await unit.tx
    .updateTable('schedule_exception')
    .set((eb) => ({ withdrawn_at: unit.now, version: eb('version', '+', 1) }))
    .where('id', '=', exceptionId)
    .where('practitioner_role_id', '=', practitionerRoleId)
    .where('withdrawn_at', 'is', null)
    .returning(['kind', 'first_day', 'last_day'])
    .executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  const today = localDate(unit.now);
  return {
    first: row.first_day > today ? row.first_day : today,
    last: row.last_day > today ? row.last_day : today,
    cause: row.kind === 'extra-session' ? 'extra-session-withdrawn' : 'template',
  };
}

/**
 * Writes one edit of a specialist's schedule; the slots follow by `applyPlan`.
 * @throws AppError BAD_REQUEST with field and reason (`past`, `overlaps`, `before-start` …), NOT_FOUND
 */
export async function writeEdit(
  unit: Unit,
  actor: Actor,
  practitionerRoleId: string,
  edit: ScheduleEdit,
): Promise<EditScope> {
  switch (edit.kind) {
    case 'set-template':
      return setTemplate(unit, practitionerRoleId, edit);
    case 'end-template':
      return endTemplate(unit, practitionerRoleId, edit);
    case 'leave':
      return addException(unit, actor, practitionerRoleId, edit);
    case 'shortened-day':
      return addException(unit, actor, practitionerRoleId, {
        kind: edit.kind,
        firstDay: edit.day,
        lastDay: edit.day,
        hours: edit,
        reason: edit.reason,
      });
    case 'extra-session':
      await assertRoomFor(unit, practitionerRoleId, edit);
      return addException(unit, actor, practitionerRoleId, {
        kind: edit.kind,
        firstDay: edit.day,
        lastDay: edit.day,
        hours: edit,
        session: edit,
        reason: edit.reason,
      });
    case 'withdraw-exception':
      return withdrawException(unit, practitionerRoleId, edit);
  }
}
