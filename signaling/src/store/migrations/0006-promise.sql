-- What people were told and what became of it.

-- A promised time of a queue entry. Nobody rewrites a promise: a later time is a new row.
CREATE TABLE promise (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  queue_entry_id uuid NOT NULL REFERENCES queue_entry (id),
  -- The first one; the one when the time was first an hour ahead; the one that replaced a broken one.
  kind text NOT NULL CHECK (kind IN ('first', 'hour-ahead', 'renewed')),
  made_at timestamptz NOT NULL DEFAULT now(),
  expected_from timestamptz NOT NULL,
  expected_to timestamptz NOT NULL CHECK (expected_to >= expected_from),
  -- The first call after it; set by the trigger below, whoever calls.
  called_at timestamptz,
  broken_at timestamptz,
  broken_because text,
  CHECK ((broken_at IS NULL) = (broken_because IS NULL))
);
CREATE UNIQUE INDEX promise_once ON promise (queue_entry_id, kind) WHERE kind <> 'renewed';
CREATE INDEX promise_by_entry ON promise (queue_entry_id, made_at);
CREATE INDEX promise_by_time ON promise (made_at);

-- Since when the entry waits longer than it was told, and why.
ALTER TABLE queue_entry
  ADD COLUMN promise_breached_at timestamptz,
  ADD COLUMN promise_breach_reason text;

CREATE FUNCTION settle_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE promise SET called_at = NEW.called_at WHERE queue_entry_id = NEW.id AND called_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_entry_called AFTER UPDATE OF state ON queue_entry
  FOR EACH ROW WHEN (NEW.state = 'called' AND OLD.state <> 'called') EXECUTE FUNCTION settle_promises();

-- How days go (domain/promise/habits.ts), learned anew every hour. The key is a role's id, a department's code or ''.
CREATE TABLE learned_habits (
  scope text NOT NULL CHECK (scope IN ('district', 'department', 'specialist')),
  key text NOT NULL,
  habits jsonb NOT NULL,
  learned_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
