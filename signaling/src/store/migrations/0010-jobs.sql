-- A job that is wanted again while it runs: the run that is under way stays valid, and another one follows.
ALTER TABLE job ADD COLUMN again_at timestamptz;
