import { AppError, QueueId } from '@cloud-hospital/protocol';
import type { BoardQueue } from '@cloud-hospital/protocol/rest';
import type { Availability } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import type { z } from 'zod';
import { localDate, startOfDay } from '../../domain/localTime.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';

interface Row {
  queue_id: string;
  name: string;
  name_en: string;
  department_zh: string;
  department_en: string;
  availability: Availability;
  waiting: number;
  longest_wait_minutes: number;
  done_today: number;
}

/** Numbers of the coordinator's own hospital; nothing clinical and nobody's name but the specialists'. */
export const board = (
  services: Services,
  context: ActorContext,
): Promise<{ queues: z.infer<typeof BoardQueue>[]; now: string }> =>
  services.commands.run(context, async (unit) => {
    const { organizationId } = context.agent;
    if (organizationId === null) throw new AppError('FORBIDDEN');
    const dayStart = startOfDay(localDate(unit.now));
    const { rows } = await sql<Row>`
      SELECT queue.id AS queue_id, practitioner.name, practitioner.name_en,
        department.name_zh AS department_zh, department.name_en AS department_en,
        coalesce(availability.state, 'off') AS availability,
        waiting.count AS waiting, waiting.longest AS longest_wait_minutes,
        (SELECT count(*)::int FROM encounter
          WHERE encounter.practitioner_role_id = role.id AND status = 'finished' AND ended_at >= ${dayStart}) AS done_today
      FROM practitioner_role role
      JOIN practitioner ON practitioner.id = role.practitioner_id
      JOIN department ON department.code = role.department_code
      JOIN queue ON queue.practitioner_role_id = role.id
      LEFT JOIN availability ON availability.practitioner_role_id = role.id
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS count,
          coalesce(floor(extract(epoch FROM now() - min(checked_in_at)) / 60), 0)::int AS longest
        FROM queue_entry WHERE queue_id = queue.id AND state = 'waiting'
      ) waiting
      WHERE role.organization_id = ${organizationId} AND role.role = 'specialist' AND role.active
      ORDER BY department.ordinal, practitioner.name`.execute(unit.tx);
    return {
      queues: rows.map((row) => ({
        queueId: QueueId.parse(row.queue_id),
        name: { zh: row.name, en: row.name_en },
        departmentName: { zh: row.department_zh, en: row.department_en },
        availability: row.availability,
        waiting: row.waiting,
        longestWaitMinutes: row.longest_wait_minutes,
        doneToday: row.done_today,
      })),
      now: unit.now.toISOString(),
    };
  });
