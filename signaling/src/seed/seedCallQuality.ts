import { sql } from 'kysely';
import type { Tx } from '../store/database.ts';

/** How many days back calls are told minute by minute: what the district compares. */
const DAYS = 2;

/**
 * How the calls of the last days went, one row a minute as old calls are kept. Most lines are good; of every nine calls one
 * is on a line that is not, by the participant's id, so that every seeding tells the same.
 */
export async function seedCallQuality(tx: Tx, now: Date): Promise<void> {
  await sql`
    INSERT INTO call_sample (participant_id, at, seconds, thinned, mode, mos, loss_rate, concealed_rate, round_trip_ms,
      jitter_ms, send_kbps, receive_kbps, send_fps, receive_fps, receive_height, freezes, freeze_ms)
    SELECT id, started_at + make_interval(mins => minute), 60, true, CASE WHEN weak THEN 'stills' ELSE 'video' END,
      CASE WHEN weak THEN 3.1 ELSE 4.2 END + 0.1 * (minute % 3), CASE WHEN weak THEN 0.06 ELSE 0.004 END,
      CASE WHEN weak THEN 0.03 ELSE 0.002 END, CASE WHEN weak THEN 240 ELSE 45 END, CASE WHEN weak THEN 28 ELSE 5 END,
      CASE WHEN weak THEN 110 ELSE 980 END, CASE WHEN weak THEN 120 ELSE 940 END, CASE WHEN weak THEN 0 ELSE 24 END,
      CASE WHEN weak THEN 0 ELSE 24 END, 720, CASE WHEN weak THEN 2 ELSE 0 END, CASE WHEN weak THEN 900 ELSE 0 END
    FROM (
      SELECT participant.id, started_at, ended_at, hashtext(participant.encounter_id::text) % 9 = 0 AS weak
      FROM participant JOIN encounter ON encounter.id = participant.encounter_id
      WHERE started_at > ${now}::timestamptz - make_interval(days => ${DAYS}::int) AND ended_at IS NOT NULL
    ) call, generate_series(1, floor(extract(epoch FROM ended_at - started_at) / 60)::int) AS minute`.execute(tx);
}
