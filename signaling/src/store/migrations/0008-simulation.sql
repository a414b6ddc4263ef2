-- A day's statistics are read by when things happened, over all clinics and specialists.
CREATE INDEX encounter_by_start ON encounter (started_at) WHERE started_at IS NOT NULL;
CREATE INDEX encounter_by_check_in ON encounter (checked_in_at) WHERE checked_in_at IS NOT NULL;
CREATE INDEX appointment_by_start ON appointment (lower(period));
