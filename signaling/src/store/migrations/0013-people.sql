-- Who comes into one call beside terminal and specialist, and the call's hold.

-- A guest's link: 256 bits in the fragment of the address. The first browser that opens it binds it to its own key.
CREATE TABLE guest_link (
  id uuid PRIMARY KEY,
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  kind text NOT NULL CHECK (kind IN ('family', 'interpreter')),
  token_hash bytea NOT NULL UNIQUE,
  key_hash bytea,
  -- As the guest said.
  guest_name text,
  -- Where it was sent; null: shown as a code.
  phone text,
  created_by_account uuid NOT NULL REFERENCES account (id),
  created_by_role text NOT NULL,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Until it must have been opened.
  open_until timestamptz NOT NULL,
  opened_at timestamptz,
  ended_at timestamptz,
  end_reason text CHECK (end_reason IN ('withdrawn', 'removed', 'call-ended'))
);
CREATE INDEX ON guest_link (encounter_id);

-- A colleague asked into a running call; of a transfer the acceptance ends it at once.
CREATE TABLE call_invitation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  encounter_id uuid NOT NULL REFERENCES encounter (id),
  purpose text NOT NULL CHECK (purpose IN ('consult', 'transfer')),
  from_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  to_role_id uuid NOT NULL REFERENCES practitioner_role (id),
  reason text,
  note text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'ringing'
    CHECK (state IN ('ringing', 'accepted', 'declined', 'unanswered', 'withdrawn', 'ended')),
  created_at timestamptz NOT NULL DEFAULT now(),
  ringing_until timestamptz NOT NULL,
  answered_at timestamptz,
  ended_at timestamptz,
  CHECK (from_role_id <> to_role_id),
  CHECK (purpose <> 'transfer' OR reason IS NOT NULL)
);
CREATE INDEX ON call_invitation (encounter_id);
CREATE UNIQUE INDEX call_invitation_live ON call_invitation (encounter_id, to_role_id, purpose) WHERE state IN ('ringing', 'accepted');
CREATE INDEX call_invitation_of ON call_invitation (to_role_id) WHERE state IN ('ringing', 'accepted');
-- One transfer at a time, and nobody is in two calls.
CREATE UNIQUE INDEX call_invitation_transfer ON call_invitation (encounter_id) WHERE state = 'ringing' AND purpose = 'transfer';
CREATE UNIQUE INDEX call_invitation_taken ON call_invitation (to_role_id) WHERE state = 'accepted';

ALTER TABLE session DROP CONSTRAINT session_face_check, DROP CONSTRAINT session_kind_check;
ALTER TABLE session
  ADD COLUMN guest_link_id uuid REFERENCES guest_link (id),
  ADD CONSTRAINT session_face_check CHECK (face IN ('resident', 'terminal', 'console', 'guest')),
  ADD CONSTRAINT session_kind_check CHECK (kind IN ('account', 'device', 'guest')),
  ADD CONSTRAINT session_guest_check CHECK ((kind = 'guest') = (guest_link_id IS NOT NULL) AND (kind = 'guest') = (face = 'guest'));

ALTER TABLE participant ADD COLUMN guest_link_id uuid REFERENCES guest_link (id);
CREATE UNIQUE INDEX participant_guest ON participant (guest_link_id) WHERE guest_link_id IS NOT NULL;

-- Since when nothing passes between the specialist's side and the others.
ALTER TABLE room ADD COLUMN held_at timestamptz, ADD COLUMN held_by uuid REFERENCES practitioner_role (id);
