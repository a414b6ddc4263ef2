-- Functions of the schema, defined anew after every migration. Nothing stored may depend on them.

-- What an idempotency key was used for before. Twins of one key wait for each other here; each statement of a volatile
-- function sees what was committed by then, so that the second one finds the first one's answer.
DROP FUNCTION IF EXISTS remembered_answer(text, text);
CREATE FUNCTION remembered_answer(of_actor text, of_key text) RETURNS TABLE (request_hash text, response jsonb)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(of_actor || ':' || of_key, 0));
  RETURN QUERY SELECT used.request_hash, used.response FROM idempotency_key used
    WHERE used.actor = of_actor AND used.key = of_key;
END
$$;

-- The one order of a queue, or of several that are called from together (a specialist's own and the pool of the
-- department); whoever shows or uses a place asks here.
--
-- Waiting entries, 1 is next. First those whose call broke down (returned-after-drop), whoever came back first. Then
-- everybody by a due time that never changes while they wait, whichever queue they are in or change over to:
--   - urgent:                 check-in - 2 h
--   - scheduled and in time:  the scheduled start (checked in at most 10 min after it)
--   - scheduled but late:     the check-in
--   - walk-in:                check-in + 45 min + 5 min for each walk-in of the same clinic in the hour before, counted
--                             in the line they joined first
-- A walk-in thus gives way to scheduled patients for 45 minutes and to nobody scheduled later than that, and an urgent
-- one passes only people who have not waited out two hours beyond their due time: everybody ages, and nobody waits for
-- ever. Whoever checks in more than 2 h after somebody's due time stands behind them, whatever they are. The
-- 5-minute steps interleave clinics, so that one that brings ten people doesn't close the line to the others. Because
-- due times never change, a place only gets worse through a dropped call, somebody urgent, somebody whose scheduled
-- time is earlier, or somebody handed over who was due earlier.
--
-- order_reason says why an entry stands where it stands. not_ready is null when the entry can be called now, else the
-- first thing that is missing: consent, staff's "ready", a terminal, or the terminal is offline or in another call, or
-- the patient is with another specialist. Whoever takes part from their own phone needs no terminal: their page is there or away.
--
-- order_class (0 returned after a drop, 2 everybody else) and order_due_at (with the share) are what was sorted by:
-- somebody who is not here yet but has an appointment will stand before everybody whose pair is greater than theirs.
DROP FUNCTION IF EXISTS queue_order(uuid, timestamptz);
DROP FUNCTION IF EXISTS queue_order(uuid[], timestamptz);
CREATE FUNCTION queue_order(ordered_queue_ids uuid[], at timestamptz)
RETURNS TABLE (
  queue_entry_id uuid, queue_id uuid, place integer, order_reason text, not_ready text, order_class integer,
  order_due_at timestamptz
)
LANGUAGE sql STABLE AS $$
  WITH due AS (
    SELECT waiting.*,
      CASE WHEN returned_at IS NOT NULL THEN 0 WHEN urgent THEN 1 ELSE 2 END AS class,
      scheduled_start IS NOT NULL AS scheduled,
      scheduled_start IS NOT NULL AND checked_in_at > scheduled_start + interval '10 minutes' AS late,
      CASE
        WHEN returned_at IS NOT NULL THEN returned_at
        WHEN urgent THEN checked_in_at - interval '2 hours'
        WHEN scheduled_start IS NULL THEN checked_in_at + interval '45 minutes'
        WHEN checked_in_at > scheduled_start + interval '10 minutes' THEN checked_in_at
        ELSE scheduled_start
      END AS due_at,
      CASE WHEN returned_at IS NULL AND NOT urgent AND scheduled_start IS NULL
        -- Whatever became of the earlier ones: a share that was used stays used.
        THEN interval '5 minutes' * (
          SELECT count(*) FROM queue_entry earlier
          WHERE coalesce(earlier.admitted_to, earlier.queue_id) = coalesce(waiting.admitted_to, waiting.queue_id)
            AND earlier.location_id = waiting.location_id AND earlier.scheduled_start IS NULL
            AND earlier.checked_in_at BETWEEN waiting.checked_in_at - interval '60 minutes' AND waiting.checked_in_at
            AND earlier.id <> waiting.id)
        ELSE interval '0'
      END AS penalty
    FROM queue_entry waiting
    WHERE waiting.queue_id = ANY (ordered_queue_ids) AND state = 'waiting'
  ),
  placed AS (
    SELECT due.*,
      row_number() OVER shared AS place,
      row_number() OVER (PARTITION BY due.queue_id ORDER BY class > 0, due_at + penalty, scheduled DESC, checked_in_at, id)
        AS place_in_own,
      row_number() OVER (ORDER BY class > 0, due_at, scheduled DESC, checked_in_at, id) AS place_without_share,
      count(*) FILTER (WHERE scheduled AND class = 2) OVER (shared ROWS UNBOUNDED PRECEDING) AS scheduled_before,
      count(*) FILTER (WHERE scheduled AND class = 2) OVER () AS scheduled_in_all
    FROM due
    WINDOW shared AS (ORDER BY class > 0, due_at + penalty, scheduled DESC, checked_in_at, id)
  )
  SELECT placed.id, placed.queue_id, placed.place::integer,
    CASE
      WHEN class = 0 THEN 'returned-after-drop'
      WHEN class = 1 THEN 'urgent'
      WHEN last_reason = 'handed-over' THEN 'handed-over'
      WHEN last_reason IN ('no-answer', 'declined', 'skipped', 'lease-expired', 'call-cancelled') THEN 'kept-place'
      WHEN late THEN 'late-arrival'
      WHEN scheduled THEN 'scheduled-time'
      WHEN place > place_without_share THEN 'clinic-share'
      WHEN due_at <= at AND scheduled_before < scheduled_in_all THEN 'waited-long'
      WHEN scheduled_before > 0 THEN 'walk-in-after-scheduled'
      WHEN place > place_in_own THEN 'pool-first'
      ELSE 'first-come'
    END,
    CASE
      WHEN NOT EXISTS (
        SELECT FROM consent
        WHERE consent.encounter_id = placed.encounter_id AND purpose = 'consultation' AND consent.status = 'active'
      ) THEN 'consent'
      WHEN encounter.ready_at IS NULL THEN 'not-ready'
      WHEN encounter.by_phone AND NOT encounter.phone_present THEN 'phone-away'
      WHEN device.id IS NULL AND NOT encounter.by_phone THEN 'no-terminal'
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
    CASE WHEN class = 0 THEN 0 ELSE 2 END,
    due_at + penalty
  FROM placed
  JOIN encounter ON encounter.id = placed.encounter_id
  LEFT JOIN device ON device.id = placed.device_id
  ORDER BY placed.place
$$;

-- Whether an account takes part in a visit from its phone: the person's own, or of family they agreed to. What a relation
-- opens is the rule of `store/family.ts` (18: ADULT_YEARS), asked here for rows that name account and visit.
DROP FUNCTION IF EXISTS takes_part_by_phone(uuid, uuid);
CREATE FUNCTION takes_part_by_phone(of_account uuid, of_encounter uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM encounter
    JOIN patient ON patient.id = encounter.patient_id
    LEFT JOIN appointment ON appointment.id = encounter.appointment_id
    LEFT JOIN related_person relation ON relation.account_id = of_account AND relation.patient_id = patient.id
      AND relation.status = 'active'
      AND (relation.consent_method <> 'guardian'
        OR relation.birth_date > (now() AT TIME ZONE 'Asia/Shanghai')::date - interval '18 years')
    WHERE encounter.id = of_encounter AND encounter.by_phone
      AND (patient.account_id = of_account OR relation.id IS NOT NULL)
      AND (appointment.booked_by_account = of_account
        OR (patient.identity_verified_at IS NOT NULL
          AND (patient.account_id = of_account OR relation.verified_at IS NOT NULL))))
$$;

-- The queues a specialist calls from, their own first: that, and the pool of their department while they take part.
DROP FUNCTION IF EXISTS queues_called_from(uuid);
CREATE FUNCTION queues_called_from(specialist_queue_id uuid) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT array_agg(called.id ORDER BY called.kind DESC) FROM (
    SELECT own.id, own.kind FROM queue own WHERE own.id = specialist_queue_id
    UNION ALL
    SELECT pool.id, pool.kind FROM queue own
    JOIN practitioner_role role ON role.id = own.practitioner_role_id
    JOIN availability ON availability.practitioner_role_id = role.id AND availability.takes_pool
    JOIN queue pool ON pool.kind = 'pool' AND pool.department_code = role.department_code
    WHERE own.id = specialist_queue_id
  ) called
$$;

-- Who of a department could take somebody over, whichever hospital they work for, whoever can soonest first: those who are there, then by how many
-- wait for them.
DROP FUNCTION IF EXISTS substitutes_of(text, uuid);
CREATE FUNCTION substitutes_of(department text, absent_role_id uuid)
RETURNS TABLE (practitioner_role_id uuid, name text, name_en text, hospital_zh text, hospital_en text, state text, waiting integer,
  phone_visits boolean)
LANGUAGE sql STABLE AS $$
  SELECT colleague.id, practitioner.name, practitioner.name_en, organization.name_zh, organization.name_en,
    coalesce(availability.state, 'off'),
    (SELECT count(*)::integer FROM queue JOIN queue_entry ON queue_entry.queue_id = queue.id AND queue_entry.state = 'waiting'
      WHERE queue.practitioner_role_id = colleague.id) AS waiting,
    colleague.phone_visits
  FROM practitioner_role colleague
  JOIN practitioner ON practitioner.id = colleague.practitioner_id
  JOIN organization ON organization.id = colleague.organization_id
  LEFT JOIN availability ON availability.practitioner_role_id = colleague.id
  WHERE colleague.department_code = department AND colleague.role = 'specialist' AND colleague.active
    AND colleague.id IS DISTINCT FROM absent_role_id
  ORDER BY array_position(ARRAY['available', 'in-call', 'break', 'off'], coalesce(availability.state, 'off')),
    waiting, practitioner.name
$$;
