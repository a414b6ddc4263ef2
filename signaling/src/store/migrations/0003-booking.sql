-- Booking: rescheduling in one step, the waiting list, the planned load of a clinic's terminals, messages that lose
-- their point.

-- A row of the waiting list has no time yet. Whatever takes a specialist's time has a slot.
ALTER TABLE appointment
  ALTER COLUMN slot_id DROP NOT NULL,
  ALTER COLUMN period DROP NOT NULL,
  -- The first of a row of moves from time to time: a calendar entry keeps its identity.
  ADD COLUMN series_id uuid REFERENCES appointment (id),
  ADD COLUMN series_ordinal integer NOT NULL DEFAULT 0,
  -- Set for whoever came over the waiting list, and kept: the order of the list. Days are Asia/Shanghai.
  ADD COLUMN waitlisted_at timestamptz,
  ADD COLUMN waitlist_from date,
  ADD COLUMN waitlist_to date,
  ADD CONSTRAINT appointment_has_time CHECK (
    status IN ('waitlist', 'cancelled', 'entered-in-error') OR (slot_id IS NOT NULL AND period IS NOT NULL)),
  ADD CONSTRAINT appointment_waits_since CHECK (status <> 'waitlist' OR (waitlisted_at IS NOT NULL AND slot_id IS NULL));
CREATE UNIQUE INDEX appointment_moved_once ON appointment (previous_appointment_id) WHERE previous_appointment_id IS NOT NULL;
CREATE INDEX appointment_waitlist ON appointment (practitioner_role_id, waitlisted_at, id) WHERE status = 'waitlist';
-- One place a person and specialist; an offer in hand keeps it.
CREATE UNIQUE INDEX appointment_waitlist_once ON appointment (patient_id, practitioner_role_id)
  WHERE waitlisted_at IS NOT NULL AND status IN ('waitlist', 'pending');
-- How many sit before a clinic's terminals at a time.
CREATE INDEX appointment_clinic_load ON appointment USING gist (location_id, period)
  WHERE status IN ('pending', 'booked', 'checked-in');

ALTER TABLE slot
  -- When it last became free: only what is released after somebody joined the list is offered to them.
  ADD COLUMN freed_at timestamptz NOT NULL DEFAULT now(),
  -- Until then only the waiting list may have it; older than `freed_at`: the list has not been asked yet.
  ADD COLUMN waitlist_until timestamptz;

-- Who was asked about which slot, and what came of it: nobody on the list is passed over silently.
CREATE TABLE waitlist_offer (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  appointment_id uuid NOT NULL REFERENCES appointment (id),
  slot_id uuid NOT NULL REFERENCES slot (id),
  outcome text NOT NULL CHECK (outcome IN ('open', 'accepted', 'declined', 'expired', 'passed-over')),
  -- Of those passed over: another appointment at that time, or as many appointments as one may have.
  reason text CHECK (reason IN ('busy', 'limit')),
  offered_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CHECK ((outcome = 'passed-over') = (reason IS NOT NULL))
);
CREATE UNIQUE INDEX waitlist_offer_once ON waitlist_offer (appointment_id, slot_id);
CREATE UNIQUE INDEX waitlist_offer_open ON waitlist_offer (slot_id) WHERE outcome = 'open';

-- Beside the symptom words, which are shown: what people say at home and is only recognised.
ALTER TABLE department ADD COLUMN everyday_words text[] NOT NULL DEFAULT '{}';

-- A message that would be wrong or useless later, e.g. a reminder of what has begun, is not sent after this.
ALTER TABLE communication ADD COLUMN not_after timestamptz;
