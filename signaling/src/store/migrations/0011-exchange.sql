-- What is exchanged beside the video, kept with the encounter: stills, files, what was drawn on them, and chat.

-- The specialist asked for a still; the terminal takes it, or staff say no.
CREATE TABLE still_request (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'taken', 'discarded', 'failed')),
  requested_by uuid NOT NULL REFERENCES account (id),
  requested_at timestamptz NOT NULL DEFAULT now(),
  answered_at timestamptz,
  CHECK ((status = 'requested') = (answered_at IS NULL))
);
-- One at a time: pressing again asks for nothing new.
CREATE UNIQUE INDEX still_request_open ON still_request (encounter_id) WHERE status = 'requested';
CREATE INDEX ON still_request (encounter_id, requested_at);

-- FHIR R4 Media (a still) or DocumentReference (a file); `status` is Media's. The bytes lie encrypted in DATA_DIR/uploads
-- under the row's id: sealed records, `stored_bytes` of them are durable and hold `received_bytes` of content.
CREATE TABLE attachment (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  kind text NOT NULL CHECK (kind IN ('still', 'file')),
  -- in-progress: on its way; completed: checked and final; not-done: refused by its content; stopped: given up on.
  status text NOT NULL DEFAULT 'in-progress' CHECK (status IN ('in-progress', 'completed', 'not-done', 'stopped')),
  -- As its author named it; shown as text, never used as a path.
  title text NOT NULL CHECK (length(title) <= 120),
  still_request_id uuid UNIQUE REFERENCES still_request (id),
  bytes bigint NOT NULL CHECK (bytes > 0),
  received_bytes bigint NOT NULL DEFAULT 0 CHECK (received_bytes BETWEEN 0 AND bytes),
  stored_bytes bigint NOT NULL DEFAULT 0,
  -- Of the content, found by looking into it.
  content_type text,
  sha256 text,
  width integer,
  height integer,
  author_account uuid NOT NULL REFERENCES account (id),
  author_role text NOT NULL,
  author_name text NOT NULL,
  device_id uuid REFERENCES device (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Of the last bytes, then of the completion.
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (status <> 'completed' OR (received_bytes = bytes AND content_type IS NOT NULL AND sha256 IS NOT NULL))
);
CREATE INDEX ON attachment (encounter_id, created_at);
CREATE INDEX attachment_unfinished ON attachment (updated_at) WHERE status = 'in-progress';

CREATE FUNCTION refuse_completed_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a completed attachment is final' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER attachment_completed_is_final BEFORE UPDATE OR DELETE ON attachment
  FOR EACH ROW WHEN (OLD.status = 'completed') EXECUTE FUNCTION refuse_completed_change();

-- What was drawn on a picture: a layer of its own, every saved state of it. The picture stays as it came.
CREATE TABLE attachment_annotation (
  attachment_id uuid NOT NULL REFERENCES attachment (id),
  version integer NOT NULL,
  layer jsonb NOT NULL,
  author_account uuid NOT NULL REFERENCES account (id),
  author_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (attachment_id, version)
);

-- FHIR R4 Communication between the participants of an encounter (`communication` is what is sent to phones).
CREATE TABLE chat_message (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
  author_account uuid NOT NULL REFERENCES account (id),
  author_role text NOT NULL,
  author_name text NOT NULL,
  device_id uuid REFERENCES device (id),
  sent_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON chat_message (encounter_id, sent_at);

-- How far each end has read: the clinic as one, the specialist as one.
CREATE TABLE chat_receipt (
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  side text NOT NULL CHECK (side IN ('clinic', 'specialist')),
  read_until timestamptz NOT NULL,
  PRIMARY KEY (encounter_id, side)
);

CREATE TRIGGER attachment_annotation_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attachment_annotation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER chat_message_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON chat_message
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
