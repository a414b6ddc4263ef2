-- Recorded consultations. A consent row with purpose 'recording' is the interval in which there may be recorded bytes.

-- How, and by whom, it ended; who took it down is in recorded_by_*.
ALTER TABLE consent ADD COLUMN ended_by_name text;

-- From one start to its stop; always inside one consent interval. The bytes lie encrypted in DATA_DIR/recordings/<id>.
CREATE TABLE recording (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  consent_id uuid NOT NULL REFERENCES consent (id),
  started_at timestamptz NOT NULL DEFAULT now(),
  started_by_account uuid NOT NULL REFERENCES account (id),
  started_by_name text NOT NULL,
  stopped_at timestamptz,
  -- Of the room when a media node last began with it; another one later means that the room moved.
  room_epoch integer,
  stop_reason text CHECK (stop_reason IN ('specialist', 'withdrawn', 'ended')),
  -- Nobody may remove it before.
  retain_until timestamptz NOT NULL,
  CHECK ((stopped_at IS NULL) = (stop_reason IS NULL))
);
CREATE UNIQUE INDEX recording_running ON recording (encounter_id) WHERE stopped_at IS NULL;
CREATE INDEX ON recording (encounter_id, started_at);

-- A file of one participant's sound and picture, read back before its row is written. Times by the media node's clock,
-- from the RTP timestamps by way of RTCP.
CREATE TABLE recording_segment (
  id uuid PRIMARY KEY,
  recording_id uuid NOT NULL REFERENCES recording (id),
  -- A run of the recorder; its segments in order are one Matroska stream, of which each repeats the head.
  take_id uuid NOT NULL,
  ordinal integer NOT NULL,
  participant_id uuid NOT NULL,
  view text NOT NULL CHECK (view IN ('person', 'examination', 'screen')),
  has_video boolean NOT NULL,
  node_id text NOT NULL,
  -- Of the take's timestamp 0.
  zero_at timestamptz NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  -- In front of the media: what describes the segment, then the stream's head.
  lead_bytes integer NOT NULL,
  header_bytes integer NOT NULL,
  received_bytes bigint NOT NULL,
  stored_bytes bigint NOT NULL,
  sha256_stored text NOT NULL,
  sha256 text NOT NULL,
  -- The recorder died in the middle of it: what whole parts there were.
  recovered boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (take_id, ordinal)
);
CREATE INDEX ON recording_segment (recording_id, first_at);

-- Somebody was there and was not recorded.
CREATE TABLE recording_gap (
  id uuid PRIMARY KEY,
  recording_id uuid NOT NULL REFERENCES recording (id),
  participant_id uuid,
  reason text NOT NULL CHECK (
    reason IN ('storage-full', 'recorder-failed', 'no-media', 'unsupervised', 'on-hold', 'room-moved', 'unknown')),
  began_at timestamptz NOT NULL,
  ended_at timestamptz,
  noticed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON recording_gap (recording_id, began_at);

-- The one file of a consultation that can be played, and the manifest that says what it was made of.
CREATE TABLE recording_composition (
  encounter_id uuid PRIMARY KEY REFERENCES encounter (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'composed', 'failed', 'empty')),
  -- Names its bytes; another one at each try, so that two that compose at once never write one file.
  file_id uuid,
  attempts integer NOT NULL DEFAULT 0,
  -- Where it is being composed until not_before.
  claimed_host text,
  not_before timestamptz NOT NULL DEFAULT now(),
  -- The container's head with its index, in front of the file's content.
  head bytea,
  received_bytes bigint,
  stored_bytes bigint,
  duration_ms bigint,
  -- Of head and content.
  sha256 text,
  -- RFC 8785 JSON, its SHA-256 and the Ed25519 signature over the digest.
  manifest text,
  manifest_sha256 text,
  signature text,
  key_id text,
  composed_at timestamptz,
  CHECK (status <> 'composed' OR (head IS NOT NULL AND manifest IS NOT NULL AND signature IS NOT NULL))
);
CREATE INDEX recording_composition_pending ON recording_composition (not_before) WHERE status = 'pending';

-- Somebody opened the player: what may be read by that session from then on, and the trace of it.
CREATE TABLE recording_opening (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  session_id uuid NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION refuse_early_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.retain_until > now() THEN
    RAISE EXCEPTION 'a recording is kept until %', OLD.retain_until USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER recording_is_kept BEFORE DELETE ON recording FOR EACH ROW EXECUTE FUNCTION refuse_early_removal();
CREATE FUNCTION refuse_shorter_retention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a recording is never kept for less' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER recording_retention_only_grows BEFORE UPDATE ON recording
  FOR EACH ROW WHEN (NEW.retain_until < OLD.retain_until) EXECUTE FUNCTION refuse_shorter_retention();
CREATE TRIGGER recording_segment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recording_segment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
