-- Foundation: directory, people, schedules, booking, queue, encounter, record, audit, outbox, jobs.
-- FHIR R4 nouns. Every aggregate that changes carries `version` for compare-and-set.
-- Times are timestamptz and come from the database's clock where they decide something.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- ── Directory ────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE organization (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('district', 'sub-district', 'hospital')),
  part_of uuid REFERENCES organization (id),
  name_zh text NOT NULL,
  name_en text NOT NULL,
  phone text NOT NULL DEFAULT '',
  ordinal integer NOT NULL DEFAULT 0
);

-- A community clinic.
CREATE TABLE location (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization (id),
  name_zh text NOT NULL,
  name_en text NOT NULL,
  address text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '',
  ordinal integer NOT NULL DEFAULT 0,
  active boolean NOT NULL DEFAULT true
);
CREATE INDEX ON location (organization_id);

CREATE TABLE department (
  code text PRIMARY KEY,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  symptoms jsonb NOT NULL DEFAULT '[]',
  ordinal integer NOT NULL DEFAULT 0
);

-- ── People and sign-in ───────────────────────────────────────────────────────────────────────────────────────────
-- An account can sign in: residents by phone and code, everybody else by user name, password and TOTP.
CREATE TABLE account (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  username text UNIQUE CHECK (username = lower(username)),
  phone text UNIQUE,
  password_hash text,
  totp_secret bytea,
  -- A new secret until its first code was entered; the present one stays good meanwhile.
  totp_pending_secret bytea,
  totp_confirmed_at timestamptz,
  -- Last accepted 30 s step: a code is good once.
  totp_last_step bigint,
  backup_code_hashes text[] NOT NULL DEFAULT '{}',
  failed_sign_ins integer NOT NULL DEFAULT 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (username IS NOT NULL OR phone IS NOT NULL)
);

CREATE TABLE practitioner (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid NOT NULL UNIQUE REFERENCES account (id),
  name text NOT NULL,
  name_en text NOT NULL,
  gender text NOT NULL CHECK (gender IN ('male', 'female', 'other', 'unknown'))
);

CREATE TABLE practitioner_role (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  practitioner_id uuid NOT NULL REFERENCES practitioner (id),
  role text NOT NULL CHECK (role IN ('specialist', 'clinic-doctor', 'nurse', 'coordinator', 'district-administrator', 'auditor')),
  organization_id uuid REFERENCES organization (id),
  location_id uuid REFERENCES location (id),
  department_code text REFERENCES department (code),
  title_zh text NOT NULL DEFAULT '',
  title_en text NOT NULL DEFAULT '',
  expertise_zh text NOT NULL DEFAULT '',
  expertise_en text NOT NULL DEFAULT '',
  active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  CHECK (role NOT IN ('clinic-doctor', 'nurse') OR location_id IS NOT NULL),
  CHECK (role <> 'specialist' OR (organization_id IS NOT NULL AND department_code IS NOT NULL))
);
CREATE INDEX ON practitioner_role (practitioner_id);
CREATE INDEX ON practitioner_role (department_code) WHERE role = 'specialist' AND active;

CREATE TABLE patient (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid UNIQUE REFERENCES account (id),
  name text NOT NULL,
  -- HMAC-SHA256 for look-up, AES-256-GCM for the number itself: neither reveals it without the key.
  identity_hash bytea NOT NULL UNIQUE,
  identity_encrypted bytea NOT NULL,
  identity_masked text NOT NULL,
  birth_date date NOT NULL,
  gender text NOT NULL CHECK (gender IN ('male', 'female', 'other', 'unknown')),
  phone text,
  -- Until staff have once seen the card, history stays invisible to the account (phone numbers are recycled).
  identity_verified_at timestamptz,
  demo boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON patient (phone);

-- A clinic terminal. Its private key never leaves the browser's key store.
CREATE TABLE device (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  location_id uuid NOT NULL REFERENCES location (id),
  name text NOT NULL,
  status text NOT NULL DEFAULT 'unenrolled' CHECK (status IN ('unenrolled', 'offline', 'ready', 'failing', 'in-call', 'revoked')),
  public_key jsonb,
  enrolment_code_hash bytea,
  enrolment_expires_at timestamptz,
  self_test jsonb,
  auto_answer_seconds integer,
  last_seen_at timestamptz,
  version integer NOT NULL DEFAULT 1
);
CREATE INDEX ON device (location_id);

CREATE TABLE device_challenge (
  challenge text PRIMARY KEY,
  device_id uuid NOT NULL REFERENCES device (id),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Opaque, revocable. The cookie holds the token, the table only its SHA-256.
CREATE TABLE session (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  token_hash bytea NOT NULL UNIQUE,
  face text NOT NULL CHECK (face IN ('resident', 'terminal', 'console')),
  kind text NOT NULL CHECK (kind IN ('account', 'device')),
  account_id uuid REFERENCES account (id),
  practitioner_role_id uuid REFERENCES practitioner_role (id),
  device_id uuid REFERENCES device (id),
  second_factor_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  idle_seconds integer NOT NULL,
  revoked_at timestamptz,
  revoke_reason text,
  CHECK (kind <> 'account' OR account_id IS NOT NULL),
  CHECK (kind <> 'device' OR device_id IS NOT NULL)
);
CREATE INDEX ON session (account_id) WHERE revoked_at IS NULL;
CREATE INDEX ON session (device_id) WHERE revoked_at IS NULL;

CREATE TABLE login_code (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  phone text NOT NULL,
  code_hash bytea NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX ON login_code (phone, created_at DESC);

-- ── Schedules and booking ────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE schedule (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  practitioner_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  -- ISO weekday, 1 = Monday; times are Asia/Shanghai.
  weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  start_time time NOT NULL,
  end_time time NOT NULL CHECK (end_time > start_time),
  slot_minutes integer NOT NULL CHECK (slot_minutes BETWEEN 5 AND 120),
  walk_in_capacity integer NOT NULL DEFAULT 0,
  effective_from date NOT NULL,
  effective_to date,
  version integer NOT NULL DEFAULT 1
);
CREATE INDEX ON schedule (practitioner_role_id);

CREATE TABLE slot (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  schedule_id uuid REFERENCES schedule (id),
  practitioner_id uuid NOT NULL REFERENCES practitioner (id),
  practitioner_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  period tstzrange NOT NULL CHECK (NOT isempty(period) AND lower(period) IS NOT NULL AND upper(period) IS NOT NULL),
  status text NOT NULL DEFAULT 'free' CHECK (status IN ('free', 'busy-tentative', 'busy', 'busy-unavailable')),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT slot_practitioner_overlap EXCLUDE USING gist (practitioner_id WITH =, period WITH &&)
);
CREATE INDEX slot_by_role_start ON slot (practitioner_role_id, lower(period));
CREATE INDEX slot_free_by_start ON slot (lower(period)) WHERE status = 'free';

CREATE TABLE appointment (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  slot_id uuid NOT NULL REFERENCES slot (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  practitioner_id uuid NOT NULL REFERENCES practitioner (id),
  practitioner_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  location_id uuid REFERENCES location (id),
  period tstzrange NOT NULL,
  status text NOT NULL CHECK (status IN ('waitlist', 'pending', 'booked', 'checked-in', 'fulfilled', 'cancelled', 'noshow', 'entered-in-error')),
  hold_expires_at timestamptz,
  complaint text NOT NULL DEFAULT '',
  ticket_number text,
  booked_by_account uuid REFERENCES account (id),
  booked_by_role text NOT NULL,
  cancelled_by text,
  cancellation_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CHECK (status <> 'pending' OR hold_expires_at IS NOT NULL),
  CHECK (status NOT IN ('booked', 'checked-in', 'fulfilled') OR (location_id IS NOT NULL AND ticket_number IS NOT NULL)),
  -- The guard against double booking is here and nowhere else: checks in code only make the answer kinder.
  CONSTRAINT appointment_practitioner_overlap EXCLUDE USING gist (practitioner_id WITH =, period WITH &&)
    WHERE (status IN ('pending', 'booked', 'checked-in', 'fulfilled')),
  CONSTRAINT appointment_patient_overlap EXCLUDE USING gist (patient_id WITH =, period WITH &&)
    WHERE (status IN ('pending', 'booked', 'checked-in', 'fulfilled'))
);
CREATE UNIQUE INDEX appointment_active_slot ON appointment (slot_id)
  WHERE status IN ('pending', 'booked', 'checked-in', 'fulfilled');
CREATE INDEX appointment_hold ON appointment (patient_id) WHERE status = 'pending';
CREATE INDEX appointment_by_patient ON appointment (patient_id, lower(period) DESC);
CREATE INDEX appointment_by_location ON appointment (location_id, lower(period));
CREATE INDEX appointment_by_role_start ON appointment (practitioner_role_id, lower(period));

-- Ticket numbers of a specialist's day; the row's lock is what makes them unique.
CREATE TABLE ticket_counter (
  practitioner_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  day date NOT NULL,
  last_number integer NOT NULL,
  PRIMARY KEY (practitioner_role_id, day)
);

-- ── Encounter and queue ──────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE encounter (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  appointment_id uuid UNIQUE REFERENCES appointment (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  practitioner_id uuid NOT NULL REFERENCES practitioner (id),
  practitioner_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  location_id uuid NOT NULL REFERENCES location (id),
  device_id uuid REFERENCES device (id),
  status text NOT NULL CHECK (status IN ('planned', 'arrived', 'in-progress', 'onleave', 'finished', 'cancelled')),
  outcome text,
  complaint text NOT NULL DEFAULT '',
  ticket_number text NOT NULL,
  scheduled_start timestamptz,
  checked_in_at timestamptz,
  ready_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  onleave_at timestamptz,
  printed_at timestamptz,
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CHECK (status <> 'finished' OR (outcome IS NOT NULL AND ended_at IS NOT NULL))
);
CREATE INDEX encounter_by_patient ON encounter (patient_id, created_at DESC);
CREATE INDEX encounter_by_location ON encounter (location_id, created_at DESC);
CREATE INDEX encounter_by_role ON encounter (practitioner_role_id, created_at DESC);

CREATE TABLE queue (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('specialist', 'pool')),
  practitioner_role_id uuid UNIQUE REFERENCES practitioner_role (id),
  department_code text REFERENCES department (code),
  -- Rises with every change of any of its entries, under the row's lock: the version clients compare.
  version bigint NOT NULL DEFAULT 1,
  CHECK ((kind = 'specialist') = (practitioner_role_id IS NOT NULL))
);

CREATE TABLE availability (
  practitioner_role_id uuid PRIMARY KEY REFERENCES practitioner_role (id),
  state text NOT NULL DEFAULT 'off' CHECK (state IN ('off', 'available', 'in-call', 'break')),
  break_until timestamptz,
  changed_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE queue_entry (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  queue_id uuid NOT NULL REFERENCES queue (id),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  location_id uuid NOT NULL REFERENCES location (id),
  device_id uuid REFERENCES device (id),
  state text NOT NULL CHECK (state IN ('waiting', 'called', 'serving', 'done', 'left')),
  urgent boolean NOT NULL DEFAULT false,
  scheduled_start timestamptz,
  checked_in_at timestamptz NOT NULL,
  -- Set when a dropped call returned the entry to the head of the queue.
  returned_at timestamptz,
  called_at timestamptz,
  called_by uuid REFERENCES practitioner_role (id),
  -- Fencing token of the present call; a handler with an older one changes nothing.
  lease_token uuid,
  lease_expires_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  last_reason text,
  -- The specialist passed it over: keeps its place, but the next call goes to somebody else.
  skipped_at timestamptz,
  call_count integer NOT NULL DEFAULT 0,
  version integer NOT NULL DEFAULT 1,
  CHECK (state NOT IN ('called', 'serving') OR (called_by IS NOT NULL AND lease_token IS NOT NULL))
);
CREATE UNIQUE INDEX queue_entry_active_encounter ON queue_entry (encounter_id) WHERE state IN ('waiting', 'called', 'serving');
-- A terminal, a specialist and a patient are each in one call at a time.
CREATE UNIQUE INDEX queue_entry_active_device ON queue_entry (device_id) WHERE state IN ('called', 'serving');
CREATE UNIQUE INDEX queue_entry_active_patient ON queue_entry (patient_id) WHERE state IN ('called', 'serving');
CREATE UNIQUE INDEX queue_entry_active_caller ON queue_entry (called_by) WHERE state IN ('called', 'serving');
CREATE INDEX queue_entry_waiting ON queue_entry (queue_id) WHERE state IN ('waiting', 'called', 'serving');
CREATE INDEX queue_entry_by_encounter ON queue_entry (encounter_id);
CREATE INDEX queue_entry_by_check_in ON queue_entry (queue_id, checked_in_at);

-- Nobody is overtaken without a recorded reason.
CREATE TABLE queue_overtaking (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue_entry_id uuid NOT NULL REFERENCES queue_entry (id),
  overtaken_by uuid NOT NULL REFERENCES queue_entry (id),
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON queue_overtaking (queue_entry_id);

-- One media room an encounter; where it lives is pinned here and moved by compare-and-set on the epoch.
CREATE TABLE room (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL UNIQUE REFERENCES encounter (id),
  node_id text,
  node_incarnation uuid,
  epoch integer NOT NULL DEFAULT 0,
  closed_at timestamptz
);
CREATE INDEX room_open_by_node ON room (node_id) WHERE closed_at IS NULL;

-- Who may be in the room: its id is the peerId, the same through every reconnection.
CREATE TABLE participant (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  role text NOT NULL,
  device_id uuid REFERENCES device (id),
  practitioner_role_id uuid REFERENCES practitioner_role (id),
  display_name text NOT NULL,
  rights text NOT NULL DEFAULT 'parked' CHECK (rights IN ('parked', 'active')),
  -- Rises with each (re)attachment of a socket.
  attachment integer NOT NULL DEFAULT 0,
  instance_id uuid,
  -- Whose session brought it in: when that is revoked, its media ends too.
  session_id uuid REFERENCES session (id) ON DELETE SET NULL,
  -- A socket is attached or media flows.
  connected boolean NOT NULL DEFAULT false,
  disconnected_at timestamptz,
  removed_at timestamptz
);
CREATE INDEX ON participant (encounter_id);
CREATE UNIQUE INDEX participant_device ON participant (encounter_id, device_id) WHERE device_id IS NOT NULL;
CREATE UNIQUE INDEX participant_practitioner ON participant (encounter_id, practitioner_role_id) WHERE practitioner_role_id IS NOT NULL;

-- Presence proof: who was in the room when, from media events.
CREATE TABLE presence_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  participant_id uuid NOT NULL REFERENCES participant (id),
  kind text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON presence_event (encounter_id);

-- ── Record ───────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE consent (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  purpose text NOT NULL CHECK (purpose IN ('consultation', 'recording')),
  status text NOT NULL CHECK (status IN ('proposed', 'active', 'rejected', 'inactive')),
  method text NOT NULL,
  recorded_by_account uuid NOT NULL REFERENCES account (id),
  recorded_by_name text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  version integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX consent_active ON consent (encounter_id, purpose) WHERE status = 'active';

CREATE TABLE observation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  code text NOT NULL,
  value numeric NOT NULL,
  effective_at timestamptz NOT NULL DEFAULT now(),
  recorded_by_account uuid NOT NULL REFERENCES account (id),
  recorded_by_name text NOT NULL
);
CREATE INDEX ON observation (patient_id, code, effective_at);
CREATE INDEX ON observation (encounter_id);

CREATE TABLE note_draft (
  encounter_id uuid PRIMARY KEY REFERENCES encounter (id),
  content jsonb NOT NULL,
  author_account uuid NOT NULL REFERENCES account (id),
  saved_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE report (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL UNIQUE REFERENCES encounter (id),
  patient_id uuid NOT NULL REFERENCES patient (id),
  status text NOT NULL CHECK (status IN ('preliminary', 'final', 'amended')),
  version integer NOT NULL DEFAULT 1
);
CREATE INDEX ON report (patient_id);

-- What was signed, verbatim; a later version never replaces an earlier one.
CREATE TABLE report_version (
  report_id uuid NOT NULL REFERENCES report (id),
  version integer NOT NULL,
  content jsonb NOT NULL,
  -- The canonical JSON (RFC 8785) over which `sha256` was computed.
  document text NOT NULL,
  sha256 text NOT NULL,
  signature text NOT NULL,
  key_id text NOT NULL,
  -- Random part of the verification address.
  verification_token text NOT NULL UNIQUE,
  signed_by uuid NOT NULL REFERENCES practitioner_role (id),
  signed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (report_id, version)
);

-- One a version: an amended report is decided anew, and what was decided on the earlier version stays.
CREATE TABLE clinic_decision (
  report_id uuid NOT NULL,
  report_version integer NOT NULL,
  decision text NOT NULL CHECK (decision IN ('accepted', 'amended', 'declined')),
  reason text NOT NULL DEFAULT '',
  decided_by_account uuid NOT NULL REFERENCES account (id),
  decided_by_name text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (report_id, report_version),
  FOREIGN KEY (report_id, report_version) REFERENCES report_version (report_id, version) DEFERRABLE INITIALLY DEFERRED
);

-- What was told to whom. A login code's text is kept only in the demo district.
CREATE TABLE communication (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid REFERENCES account (id),
  phone text,
  kind text NOT NULL,
  text text NOT NULL,
  -- What the text was composed from, for carriers that only take a registered template and its values.
  params jsonb NOT NULL DEFAULT '{}',
  subject_id uuid,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'failed', 'withdrawn')),
  -- The same thing is never told twice.
  dedupe_key text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  read_at timestamptz
);
CREATE INDEX ON communication (account_id, created_at DESC);
CREATE INDEX ON communication (phone, created_at DESC);

-- ── Machinery ────────────────────────────────────────────────────────────────────────────────────────────────────
-- PostgreSQL remembers what is due; BullMQ only wakes. A sweep re-queues what a lost Redis forgot.
CREATE TABLE job (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  -- Fencing value of the subject at scheduling time (e.g. a lease token): the handler re-checks it.
  token text NOT NULL DEFAULT '',
  due_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'done', 'cancelled', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  lease_token uuid,
  lease_expires_at timestamptz,
  finished_at timestamptz,
  last_error text,
  UNIQUE (kind, subject_id, token)
);
CREATE INDEX job_due ON job (due_at) WHERE state IN ('pending', 'running');

-- Events for browsers, written with the change itself; every replica tails them and emits to its own sockets.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  topics text[] NOT NULL,
  name text NOT NULL,
  data jsonb NOT NULL
);
CREATE INDEX ON outbox (created_at);

CREATE TABLE idempotency_key (
  actor text NOT NULL,
  key text NOT NULL,
  action text NOT NULL,
  request_hash text NOT NULL,
  response jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, key)
);
CREATE INDEX ON idempotency_key (created_at);

CREATE TABLE audit_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_account uuid,
  actor_role text NOT NULL,
  actor_name text NOT NULL,
  device_id uuid,
  location_id uuid,
  action text NOT NULL,
  entity_kind text NOT NULL,
  entity_id uuid,
  patient_id uuid,
  outcome text NOT NULL CHECK (outcome IN ('success', 'denied', 'failure')),
  reason text,
  request_id text,
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ON audit_event (entity_id);
CREATE INDEX ON audit_event (patient_id);

-- The sealer links committed audit rows into a hash chain. Written by one holder of an advisory lock at a time.
CREATE TABLE audit_chain (
  sequence bigint PRIMARY KEY,
  audit_event_id bigint NOT NULL UNIQUE REFERENCES audit_event (id),
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE audit_head (
  sequence bigint PRIMARY KEY,
  hash bytea NOT NULL,
  signature bytea NOT NULL,
  key_id text NOT NULL,
  signed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The audit is append-only for everybody, the owner of the tables included, short of dropping this trigger.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER report_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON report_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
