-- Schedules: holidays and swapped working days, exceptions, and appointments whose time a change took away.

-- ── The calendar ─────────────────────────────────────────────────────────────────────────────────────────────────
-- Days that are not what their weekday says. A row missing is an ordinary day.
CREATE TABLE calendar_day (
  day date PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('holiday', 'working-day')),
  name_zh text NOT NULL,
  name_en text NOT NULL,
  -- Of a swapped working day (调休): the ISO weekday whose templates apply.
  template_weekday smallint CHECK (template_weekday BETWEEN 1 AND 7),
  -- Set by law, but how it is swapped with weekends has not been announced yet.
  provisional boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  CHECK ((kind = 'working-day') = (template_weekday IS NOT NULL))
);

-- 2026: 国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04. The notice says which weekends are worked, not for which
-- weekday; here each stands for the day off that it makes up for.
INSERT INTO calendar_day (day, kind, name_zh, name_en, template_weekday)
SELECT day::date, 'holiday', name_zh, name_en, NULL
FROM (VALUES
  ('2026-01-01', '2026-01-03', '元旦', 'New Year'),
  ('2026-02-15', '2026-02-23', '春节', 'Spring Festival'),
  ('2026-04-04', '2026-04-06', '清明节', 'Qingming Festival'),
  ('2026-05-01', '2026-05-05', '劳动节', 'Labour Day'),
  ('2026-06-19', '2026-06-21', '端午节', 'Dragon Boat Festival'),
  ('2026-09-25', '2026-09-27', '中秋节', 'Mid-Autumn Festival'),
  ('2026-10-01', '2026-10-07', '国庆节', 'National Day')
) AS holiday (first_day, last_day, name_zh, name_en)
CROSS JOIN LATERAL generate_series(first_day::date, last_day::date, interval '1 day') AS day;
INSERT INTO calendar_day (day, kind, name_zh, name_en, template_weekday) VALUES
  ('2026-01-04', 'working-day', '元旦调休', 'Working day for New Year', 5),
  ('2026-02-14', 'working-day', '春节调休', 'Working day for Spring Festival', 5),
  ('2026-02-28', 'working-day', '春节调休', 'Working day for Spring Festival', 1),
  ('2026-05-09', 'working-day', '劳动节调休', 'Working day for Labour Day', 2),
  ('2026-09-20', 'working-day', '国庆节调休', 'Working day for National Day', 2),
  ('2026-10-10', 'working-day', '国庆节调休', 'Working day for National Day', 3);

-- 2027: only the days that the law itself names (全国年节及纪念日放假办法, 2024); the yearly notice will add the swaps.
INSERT INTO calendar_day (day, kind, name_zh, name_en, provisional) VALUES
  ('2027-01-01', 'holiday', '元旦', 'New Year', true),
  ('2027-02-05', 'holiday', '春节', 'Spring Festival', true),
  ('2027-02-06', 'holiday', '春节', 'Spring Festival', true),
  ('2027-02-07', 'holiday', '春节', 'Spring Festival', true),
  ('2027-02-08', 'holiday', '春节', 'Spring Festival', true),
  ('2027-04-05', 'holiday', '清明节', 'Qingming Festival', true),
  ('2027-05-01', 'holiday', '劳动节', 'Labour Day', true),
  ('2027-05-02', 'holiday', '劳动节', 'Labour Day', true),
  ('2027-06-09', 'holiday', '端午节', 'Dragon Boat Festival', true),
  ('2027-09-15', 'holiday', '中秋节', 'Mid-Autumn Festival', true),
  ('2027-10-01', 'holiday', '国庆节', 'National Day', true),
  ('2027-10-02', 'holiday', '国庆节', 'National Day', true),
  ('2027-10-03', 'holiday', '国庆节', 'National Day', true);

-- ── Templates and exceptions ─────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE schedule
  -- Where the specialist sits; null: at the hospital they work for.
  ADD COLUMN organization_id uuid REFERENCES organization (id),
  -- Emergency duty goes on when everybody else is off.
  ADD COLUMN on_holidays boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT schedule_walk_in_capacity CHECK (walk_in_capacity BETWEEN 0 AND 500);

-- leave: whole days, or the same hours of each day; takes out whatever was planned before it.
-- shortened-day: of the templates' sessions of one day only what lies inside the hours stays.
-- extra-session: one more session on one day.
CREATE TABLE schedule_exception (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  practitioner_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  kind text NOT NULL CHECK (kind IN ('leave', 'shortened-day', 'extra-session')),
  first_day date NOT NULL,
  last_day date NOT NULL CHECK (last_day >= first_day),
  start_time time,
  end_time time CHECK (end_time > start_time),
  slot_minutes integer CHECK (slot_minutes BETWEEN 5 AND 120),
  walk_in_capacity integer CHECK (walk_in_capacity BETWEEN 0 AND 500),
  organization_id uuid REFERENCES organization (id),
  reason text NOT NULL,
  made_by_account uuid NOT NULL REFERENCES account (id),
  made_by_role text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  withdrawn_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CHECK ((start_time IS NULL) = (end_time IS NULL)),
  CHECK (kind = 'leave' OR (first_day = last_day AND start_time IS NOT NULL)),
  CHECK ((kind = 'extra-session') = (slot_minutes IS NOT NULL AND walk_in_capacity IS NOT NULL))
);
CREATE INDEX ON schedule_exception (practitioner_role_id, last_day) WHERE withdrawn_at IS NULL;

ALTER TABLE slot
  ADD COLUMN exception_id uuid REFERENCES schedule_exception (id),
  -- What was taken out of the schedule makes room: another slot length, a session that begins earlier.
  DROP CONSTRAINT slot_practitioner_overlap,
  ADD CONSTRAINT slot_practitioner_overlap EXCLUDE USING gist (practitioner_id WITH =, period WITH &&)
    WHERE (status <> 'busy-unavailable');

-- ── Appointments that moved, and those that need an answer ───────────────────────────────────────────────────────
-- Of an appointment that took another one's place.
ALTER TABLE appointment ADD COLUMN previous_appointment_id uuid REFERENCES appointment (id);

-- One booked appointment whose time was taken out of the schedule. Until it is answered the appointment stays booked.
-- accepted: moved to another slot; declined: given up by the patient's side; cancelled: ended otherwise, at the latest at
-- its own time; withdrawn: the time is in the schedule again.
CREATE TABLE schedule_change (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  appointment_id uuid NOT NULL REFERENCES appointment (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  practitioner_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  -- The hospital whose coordinator sees to it.
  organization_id uuid NOT NULL REFERENCES organization (id),
  cause text NOT NULL CHECK (cause IN ('leave', 'shortened-day', 'extra-session-withdrawn', 'template', 'calendar')),
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'declined', 'cancelled', 'withdrawn')),
  answer_by timestamptz NOT NULL,
  alerted_at timestamptz,
  answered_at timestamptz,
  answered_by_account uuid REFERENCES account (id),
  answered_by_role text,
  new_appointment_id uuid REFERENCES appointment (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CHECK ((status = 'open') = (answered_at IS NULL)),
  CHECK ((status = 'accepted') = (new_appointment_id IS NOT NULL))
);
CREATE UNIQUE INDEX schedule_change_open ON schedule_change (appointment_id) WHERE status = 'open';
CREATE INDEX ON schedule_change (appointment_id);
CREATE INDEX schedule_change_unanswered ON schedule_change (organization_id, answer_by) WHERE status = 'open';

-- What was offered instead. Nothing is held: whoever takes it first has it, and the next nearest take its place here.
CREATE TABLE schedule_change_proposal (
  schedule_change_id uuid NOT NULL REFERENCES schedule_change (id),
  slot_id uuid NOT NULL REFERENCES slot (id),
  kind text NOT NULL CHECK (kind IN ('substitute', 'other-time')),
  offered_at timestamptz NOT NULL DEFAULT now(),
  -- Somebody else took it, or it went out of the schedule.
  gone_at timestamptz,
  PRIMARY KEY (schedule_change_id, slot_id)
);
CREATE INDEX ON schedule_change_proposal (slot_id) WHERE gone_at IS NULL;
