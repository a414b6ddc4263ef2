-- Functions of the schema, defined anew after every migration. Nothing stored may depend on them.

-- The one order of a queue; whoever shows or uses a place asks here.
--
-- Waiting entries, 1 is next. Three classes, one after the other:
--   1. returned-after-drop: the call broke down; whoever came back first
--   2. urgent: by check-in
--   3. everybody else by a due time that never changes while they wait:
--      - scheduled and in time (checked in at most 10 min after the start): the scheduled start
--      - scheduled but late: the check-in
--      - walk-in: check-in + 45 min + 5 min for each walk-in of the same clinic and queue in the hour before
-- A walk-in thus gives way to scheduled patients for 45 minutes and to nobody scheduled later than that: it ages, and
-- nobody waits for ever. The 5-minute steps interleave clinics, so that one that brings ten people doesn't close the
-- queue to the others. Because due times never change, a place only gets worse through class 1 and 2 or through
-- somebody whose scheduled time is earlier.
--
-- order_reason says why an entry stands where it stands. not_ready is null when the entry can be called now, else the
-- first thing that is missing: consent, staff's "ready", a terminal, or the terminal is offline or in another call, or
-- the patient is with another specialist.
--
-- order_class (0, 1 or 2) and order_due_at (with the share) are what was sorted by: somebody who is not here yet but has
-- an appointment will stand before everybody whose pair is greater than theirs.
DROP FUNCTION IF EXISTS queue_order(uuid, timestamptz);
CREATE FUNCTION queue_order(ordered_queue_id uuid, at timestamptz)
RETURNS TABLE (
  queue_entry_id uuid, place integer, order_reason text, not_ready text, order_class integer, order_due_at timestamptz
)
LANGUAGE sql STABLE AS $$
  WITH recent AS (
    SELECT queue_entry.*,
      -- Whatever became of the earlier ones: a share that was used stays used.
      (count(*) FILTER (WHERE scheduled_start IS NULL) OVER (
        PARTITION BY location_id ORDER BY checked_in_at RANGE BETWEEN interval '60 minutes' PRECEDING AND CURRENT ROW
      ) - 1) * interval '5 minutes' AS share
    FROM queue_entry
    WHERE queue_id = ordered_queue_id AND checked_in_at >= (
      SELECT min(checked_in_at) - interval '60 minutes' FROM queue_entry
      WHERE queue_id = ordered_queue_id AND state = 'waiting'
    )
  ),
  due AS (
    SELECT recent.*,
      CASE WHEN returned_at IS NOT NULL THEN 0 WHEN urgent THEN 1 ELSE 2 END AS class,
      scheduled_start IS NOT NULL AS scheduled,
      scheduled_start IS NOT NULL AND checked_in_at > scheduled_start + interval '10 minutes' AS late,
      CASE
        WHEN returned_at IS NOT NULL THEN returned_at
        WHEN urgent THEN checked_in_at
        WHEN scheduled_start IS NULL THEN checked_in_at + interval '45 minutes'
        WHEN checked_in_at > scheduled_start + interval '10 minutes' THEN checked_in_at
        ELSE scheduled_start
      END AS due_at,
      CASE WHEN returned_at IS NULL AND NOT urgent AND scheduled_start IS NULL THEN share ELSE interval '0' END AS penalty
    FROM recent
    WHERE state = 'waiting'
  ),
  placed AS (
    SELECT due.*,
      row_number() OVER shared AS place,
      row_number() OVER (ORDER BY class, due_at, scheduled DESC, checked_in_at, id) AS place_without_share,
      count(*) FILTER (WHERE scheduled AND class = 2) OVER (shared ROWS UNBOUNDED PRECEDING) AS scheduled_before,
      count(*) FILTER (WHERE scheduled AND class = 2) OVER () AS scheduled_in_all
    FROM due
    WINDOW shared AS (ORDER BY class, due_at + penalty, scheduled DESC, checked_in_at, id)
  )
  SELECT placed.id, placed.place::integer,
    CASE
      WHEN class = 0 THEN 'returned-after-drop'
      WHEN class = 1 THEN 'urgent'
      WHEN last_reason IN ('no-answer', 'declined', 'skipped', 'lease-expired', 'call-cancelled') THEN 'kept-place'
      WHEN late THEN 'late-arrival'
      WHEN scheduled THEN 'scheduled-time'
      WHEN place > place_without_share THEN 'clinic-share'
      WHEN due_at <= at AND scheduled_before < scheduled_in_all THEN 'waited-long'
      WHEN scheduled_before > 0 THEN 'walk-in-after-scheduled'
      ELSE 'first-come'
    END,
    CASE
      WHEN NOT EXISTS (
        SELECT FROM consent
        WHERE consent.encounter_id = placed.encounter_id AND purpose = 'consultation' AND consent.status = 'active'
      ) THEN 'consent'
      WHEN encounter.ready_at IS NULL THEN 'not-ready'
      WHEN device.id IS NULL THEN 'no-terminal'
      WHEN device.status IN ('unenrolled', 'offline', 'revoked') THEN 'terminal-offline'
      WHEN EXISTS (
        SELECT FROM queue_entry other
        WHERE other.device_id = placed.device_id AND other.state IN ('called', 'serving')
      ) THEN 'terminal-busy'
      WHEN EXISTS (
        SELECT FROM queue_entry other
        WHERE other.patient_id = placed.patient_id AND other.state IN ('called', 'serving')
      ) THEN 'patient-busy'
    END,
    class,
    due_at + penalty
  FROM placed
  JOIN encounter ON encounter.id = placed.encounter_id
  LEFT JOIN device ON device.id = placed.device_id
  ORDER BY placed.place
$$;
