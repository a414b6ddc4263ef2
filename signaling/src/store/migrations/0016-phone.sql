-- The resident alone at their own phone, where the specialist allows it. The clinic stays responsible for the visit.
ALTER TABLE practitioner_role ADD COLUMN phone_visits boolean NOT NULL DEFAULT false;
ALTER TABLE appointment ADD COLUMN by_phone boolean NOT NULL DEFAULT false;
-- Whoever comes to the clinic after all, and is seated there, is no longer `by_phone`.
ALTER TABLE encounter
  ADD COLUMN by_phone boolean NOT NULL DEFAULT false,
  ADD COLUMN phone_seen_at timestamptz,
  -- Its page holds a socket; like a terminal's status it is kept, so that a loss can be told.
  ADD COLUMN phone_present boolean NOT NULL DEFAULT false;
CREATE INDEX encounter_phone_present ON encounter (phone_seen_at) WHERE phone_present;
ALTER TABLE participant ADD COLUMN patient_id uuid REFERENCES patient (id);
CREATE UNIQUE INDEX participant_patient ON participant (encounter_id, patient_id) WHERE patient_id IS NOT NULL;
