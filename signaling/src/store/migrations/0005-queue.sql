-- Pools of departments beside specialists' queues, hand-over, and a late start of a specialist's session.

-- A visit that waits in a pool has no specialist yet; whoever calls it becomes its specialist.
ALTER TABLE encounter ALTER COLUMN practitioner_id DROP NOT NULL;
ALTER TABLE encounter ALTER COLUMN practitioner_role_id DROP NOT NULL;
ALTER TABLE encounter ADD CONSTRAINT encounter_has_specialist CHECK (
  (practitioner_id IS NULL) = (practitioner_role_id IS NULL)
  AND (practitioner_role_id IS NOT NULL OR status IN ('planned', 'arrived', 'cancelled'))
);

ALTER TABLE queue ADD CONSTRAINT queue_pool_has_department CHECK (kind <> 'pool' OR department_code IS NOT NULL);
CREATE UNIQUE INDEX queue_pool_of_department ON queue (department_code) WHERE kind = 'pool';
-- One sequence for all queues: somebody's place may be computed from several, and they may change over from one to
-- another, yet what a client saw last must always have the lower number.
CREATE SEQUENCE queue_version;
SELECT setval('queue_version', greatest((SELECT max(version) FROM queue), 1));

-- Numbers of a pool's tickets; the row's lock is what makes them unique.
CREATE TABLE pool_ticket_counter (
  queue_id uuid NOT NULL REFERENCES queue (id),
  day date NOT NULL,
  last_number integer NOT NULL,
  PRIMARY KEY (queue_id, day)
);

-- Whether "call next" also takes from the department's pool.
ALTER TABLE availability ADD COLUMN takes_pool boolean NOT NULL DEFAULT false;

-- The queue somebody lined up in first, once they are in another: their clinic's share stays counted there.
ALTER TABLE queue_entry ADD COLUMN admitted_to uuid REFERENCES queue (id);
-- The pool the present call was taken from; back to it when nobody answers.
ALTER TABLE queue_entry ADD COLUMN pool_id uuid REFERENCES queue (id);
CREATE INDEX queue_entry_by_line ON queue_entry ((coalesce(admitted_to, queue_id)), location_id, checked_in_at)
  WHERE scheduled_start IS NULL;
DROP INDEX queue_entry_by_check_in;

-- Who was handed over, by whom and why.
CREATE TABLE queue_transfer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue_entry_id uuid NOT NULL REFERENCES queue_entry (id),
  from_queue_id uuid NOT NULL REFERENCES queue (id),
  to_queue_id uuid NOT NULL REFERENCES queue (id),
  reason text NOT NULL,
  by_role text NOT NULL,
  by_account uuid REFERENCES account (id),
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON queue_transfer (queue_entry_id);

-- A session that began without its specialist: when the coordinator was alerted, when everybody was told, when it ended.
CREATE TABLE late_start (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  practitioner_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  session_start timestamptz NOT NULL,
  alerted_at timestamptz NOT NULL DEFAULT now(),
  told_at timestamptz,
  resolved_at timestamptz,
  UNIQUE (practitioner_role_id, session_start)
);
CREATE INDEX late_start_open ON late_start (practitioner_role_id) WHERE resolved_at IS NULL;
