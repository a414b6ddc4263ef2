-- People around a booking: family members on an account, helpers with a link, and what a missed appointment leads to.

-- FHIR R4 RelatedPerson: an account acts for somebody else. The row is the request, the consent and its end.
CREATE TABLE related_person (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid NOT NULL REFERENCES account (id),
  -- What the member is to the account's holder.
  relationship text NOT NULL CHECK (relationship IN ('parent', 'spouse', 'child', 'sibling', 'grandparent', 'grandchild', 'other')),
  status text NOT NULL CHECK (status IN ('proposed', 'active', 'rejected', 'inactive')),
  -- As the holder wrote it. Nothing is looked up or made of it before the consent; the number is forgotten with it.
  name text NOT NULL,
  identity_hash bytea NOT NULL,
  identity_encrypted bytea,
  identity_masked text NOT NULL,
  birth_date date NOT NULL,
  -- The member's own; null where consent is given at a desk only.
  phone text,
  patient_id uuid REFERENCES patient (id),
  -- HMAC of the code on its way to the member's phone.
  code_hash bytea,
  code_sent_at timestamptz,
  code_expires_at timestamptz,
  code_tries integer NOT NULL DEFAULT 0,
  codes_sent integer NOT NULL DEFAULT 0,
  consent_method text CHECK (consent_method IN ('code', 'desk', 'guardian')),
  consented_at timestamptz,
  -- The staff who saw the member.
  consent_recorded_by uuid REFERENCES account (id),
  -- Staff, or a phone that was in the record before, vouch for this very relation: only then it opens the history.
  verified_at timestamptz,
  requested_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  ended_by text CHECK (ended_by IN ('holder', 'member', 'staff')),
  version integer NOT NULL DEFAULT 1,
  CHECK (status <> 'active' OR (patient_id IS NOT NULL AND consent_method IS NOT NULL AND consented_at IS NOT NULL))
);
CREATE UNIQUE INDEX related_person_current ON related_person (account_id, identity_hash) WHERE status IN ('proposed', 'active');
CREATE INDEX related_person_of_patient ON related_person (patient_id) WHERE status = 'active';
CREATE INDEX related_person_of_number ON related_person (identity_hash) WHERE status IN ('proposed', 'active');
CREATE INDEX related_person_by_account ON related_person (account_id, requested_at);
CREATE INDEX related_person_by_phone ON related_person (phone, code_sent_at) WHERE phone IS NOT NULL;

ALTER TABLE communication ADD COLUMN patient_id uuid REFERENCES patient (id);
COMMENT ON COLUMN communication.patient_id IS 'Whom it is about, where that is not the account''s own holder: seen while the relation lasts.';

-- One appointment, one helper, one browser. The secret itself is in the message alone.
CREATE TABLE helper_link (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  appointment_id uuid NOT NULL REFERENCES appointment (id),
  token_hash bytea NOT NULL UNIQUE,
  -- Of the browser that opened it first; the link opens nowhere else.
  key_hash bytea,
  phone text NOT NULL,
  created_by_account uuid NOT NULL REFERENCES account (id),
  created_by_role text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  open_until timestamptz NOT NULL,
  opened_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX helper_link_of_appointment ON helper_link (appointment_id) WHERE revoked_at IS NULL;
CREATE INDEX helper_link_by_sender ON helper_link (created_by_account, created_at);

-- Whose no-show it was (null: nobody judged, so the patient's), and that staff took it back.
ALTER TABLE appointment
  ADD COLUMN noshow_party text CHECK (noshow_party IN ('patient', 'clinic', 'specialist')),
  ADD COLUMN noshow_excuse text,
  ADD COLUMN noshow_excused_at timestamptz,
  ADD COLUMN noshow_excused_by uuid REFERENCES account (id);
CREATE INDEX appointment_missed ON appointment (patient_id) WHERE status = 'noshow';
