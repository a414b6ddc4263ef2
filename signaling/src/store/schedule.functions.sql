-- The one plan of who works when; whoever makes, takes out or shows slots asks here. Defined anew after each migration.
--
-- A day's templates are those of its weekday, or on a swapped working day (调休) those of the weekday it stands for; on a
-- public holiday only templates of emergency duty. Extra sessions come on top. What a shortened day leaves outside its
-- hours goes; a leave takes out whatever was planned before it, extra sessions included, so that an extra session made
-- afterwards stands. Slots that would overrun their session's end are not made.
--
-- Days are calendar days in Asia/Shanghai, which has no daylight saving: date + time is exact, and '24:00' is the next
-- midnight. only_role null: every active specialist.
DROP FUNCTION IF EXISTS planned_slots(date, date, uuid);
CREATE FUNCTION planned_slots(first_day date, last_day date, only_role uuid)
RETURNS TABLE (practitioner_role_id uuid, practitioner_id uuid, day date, schedule_id uuid, exception_id uuid,
  organization_id uuid, walk_in_capacity integer, start_at timestamptz, end_at timestamptz)
LANGUAGE sql STABLE AS $$
  WITH calendar AS (
    SELECT ahead::date AS day, calendar_day.kind,
      coalesce(calendar_day.template_weekday, extract(isodow FROM ahead)::integer) AS weekday
    FROM generate_series(first_day::timestamp, last_day::timestamp, interval '1 day') AS ahead
    LEFT JOIN calendar_day ON calendar_day.day = ahead::date
  ),
  specialist AS (
    SELECT id, practitioner_id, organization_id FROM practitioner_role
    WHERE active AND (only_role IS NULL OR id = only_role)
  ),
  session AS (
    SELECT specialist.id AS role_id, specialist.practitioner_id, calendar.day,
      schedule.id AS schedule_id, NULL::uuid AS exception_id,
      coalesce(schedule.organization_id, specialist.organization_id) AS organization_id,
      schedule.walk_in_capacity, make_interval(mins => schedule.slot_minutes) AS length,
      calendar.day + schedule.start_time AS begins, calendar.day + schedule.end_time AS ends,
      NULL::timestamptz AS made_at
    FROM specialist
    JOIN schedule ON schedule.practitioner_role_id = specialist.id
    JOIN calendar ON calendar.weekday = schedule.weekday AND calendar.day >= schedule.effective_from
      AND (schedule.effective_to IS NULL OR calendar.day <= schedule.effective_to)
      AND (calendar.kind IS DISTINCT FROM 'holiday' OR schedule.on_holidays)
    UNION ALL
    SELECT specialist.id, specialist.practitioner_id, calendar.day, NULL, extra.id,
      coalesce(extra.organization_id, specialist.organization_id),
      extra.walk_in_capacity, make_interval(mins => extra.slot_minutes),
      calendar.day + extra.start_time, calendar.day + extra.end_time, extra.created_at
    FROM specialist
    JOIN schedule_exception AS extra ON extra.practitioner_role_id = specialist.id
      AND extra.kind = 'extra-session' AND extra.withdrawn_at IS NULL
    JOIN calendar ON calendar.day = extra.first_day
  )
  SELECT session.role_id, session.practitioner_id, session.day, session.schedule_id, session.exception_id,
    session.organization_id, session.walk_in_capacity,
    start AT TIME ZONE 'Asia/Shanghai', (start + session.length) AT TIME ZONE 'Asia/Shanghai'
  FROM session
  CROSS JOIN LATERAL generate_series(session.begins, session.ends - session.length, session.length) AS start
  WHERE NOT EXISTS (
    SELECT FROM schedule_exception AS exception
    WHERE exception.practitioner_role_id = session.role_id AND exception.withdrawn_at IS NULL
      AND session.day BETWEEN exception.first_day AND exception.last_day
      AND CASE exception.kind
        WHEN 'leave' THEN (session.made_at IS NULL OR exception.created_at > session.made_at)
          AND (exception.start_time IS NULL
            OR (start < session.day + exception.end_time AND start + session.length > session.day + exception.start_time))
        WHEN 'shortened-day' THEN session.made_at IS NULL
          AND (start < session.day + exception.start_time OR start + session.length > session.day + exception.end_time)
        ELSE false
      END
  )
$$;
