-- Accounts come without a password: whoever they are for chooses it with a one-time code. The directory's entries get
-- a version for compare-and-set.

ALTER TABLE account
  -- HMAC-SHA256 of the code that lets the person choose a (new) password.
  ADD COLUMN activation_code_hash bytea,
  ADD COLUMN activation_expires_at timestamptz,
  ADD CHECK ((activation_code_hash IS NULL) = (activation_expires_at IS NULL));

ALTER TABLE organization ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE location ADD COLUMN version integer NOT NULL DEFAULT 1;
