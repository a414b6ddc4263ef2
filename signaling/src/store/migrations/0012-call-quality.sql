-- How calls went, as the participants' browsers saw it.

-- About 135 bytes a row with its index. A call of 10 minutes brings 240 of them: 93 terminals with 12 calls a day write
-- 36 MB a day. After 90 days thin_call_samples leaves one row a minute, so that 15 years take 12 GB, not 140.
CREATE TABLE call_sample (
  participant_id uuid NOT NULL REFERENCES participant (id),
  -- End of the span.
  at timestamptz NOT NULL,
  seconds smallint NOT NULL CHECK (seconds BETWEEN 1 AND 60),
  thinned boolean NOT NULL DEFAULT false,
  mode text NOT NULL,
  mos real,
  loss_rate real NOT NULL,
  concealed_rate real NOT NULL,
  round_trip_ms smallint,
  jitter_ms smallint,
  send_kbps integer NOT NULL,
  receive_kbps integer NOT NULL,
  send_fps smallint,
  receive_fps smallint,
  receive_height smallint,
  freezes smallint NOT NULL,
  freeze_ms integer NOT NULL,
  PRIMARY KEY (participant_id, at)
);
CREATE INDEX call_sample_to_thin ON call_sample (at) WHERE NOT thinned;

-- The rungs of the recovery ladder that were taken, each with its time.
CREATE TABLE call_step (
  participant_id uuid NOT NULL REFERENCES participant (id),
  at timestamptz NOT NULL,
  stage text NOT NULL,
  since_loss_ms integer NOT NULL,
  detail text,
  PRIMARY KEY (participant_id, at, stage)
);

-- Puts the samples of calls that began to be measured before `before` together to one a minute. The application itself
-- may neither change nor delete a sample. Of the many that may be due, those around the oldest `at_most` samples.
CREATE FUNCTION thin_call_samples(before timestamptz, at_most integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH due AS (
    SELECT DISTINCT participant_id FROM (
      SELECT participant_id FROM call_sample WHERE NOT thinned AND at < before ORDER BY at LIMIT at_most
    ) oldest
  ), fine AS (
    DELETE FROM call_sample USING due
    WHERE call_sample.participant_id = due.participant_id AND NOT thinned AND at < before
    RETURNING call_sample.*
  ), kept AS (
    INSERT INTO call_sample
    SELECT participant_id, max(at), least(sum(seconds), 60), true, mode() WITHIN GROUP (ORDER BY mode),
      percentile_cont(0.5) WITHIN GROUP (ORDER BY mos),
      sum(loss_rate * seconds) / sum(seconds), sum(concealed_rate * seconds) / sum(seconds),
      percentile_disc(0.5) WITHIN GROUP (ORDER BY round_trip_ms), percentile_disc(0.5) WITHIN GROUP (ORDER BY jitter_ms),
      sum(send_kbps * seconds) / sum(seconds), sum(receive_kbps * seconds) / sum(seconds),
      percentile_disc(0.5) WITHIN GROUP (ORDER BY send_fps), percentile_disc(0.5) WITHIN GROUP (ORDER BY receive_fps),
      percentile_disc(0.5) WITHIN GROUP (ORDER BY receive_height), sum(freezes), sum(freeze_ms)
    FROM fine
    GROUP BY participant_id, date_bin('1 minute', at, 'epoch')
    RETURNING 1
  )
  SELECT count(*)::integer FROM kept
$$;
