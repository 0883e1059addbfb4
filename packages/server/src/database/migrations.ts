/**
 * Numbered by their place, from 1. One that was released is never changed: the next one changes what it made.
 * All of them run inside the schema `octavo`.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE octavo.setting (
    name text PRIMARY KEY,
    value text NOT NULL
  );

  CREATE TABLE octavo.api_key (
    id serial PRIMARY KEY,
    name text NOT NULL,
    digest bytea NOT NULL UNIQUE,
    tenant integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    last_used_at timestamptz
  );

  CREATE TABLE octavo.job (
    id uuid PRIMARY KEY,
    tenant integer NOT NULL,
    operation text NOT NULL,
    status text NOT NULL CHECK (status IN ('waiting', 'working', 'success', 'failed', 'aborted')),
    result_token text NOT NULL,
    result_name text NOT NULL,
    -- json, not jsonb, which refuses NUL characters and lone surrogates: nothing ever looks inside.
    -- May hold passwords: null as soon as the job has ended.
    call json,
    outcome json,
    failure json,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    expires_at timestamptz NOT NULL,
    -- The fence: a number that is made anew for each claim. Who does not know it cannot end the job.
    attempt integer,
    -- Claims that were not given back: a job that takes its server down each time has to end too.
    claims integer NOT NULL DEFAULT 0,
    box_deaths integer NOT NULL DEFAULT 0,
    -- When the worker that has the claim was last heard of.
    beat_at timestamptz
  ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);

  CREATE INDEX job_open ON octavo.job (status, created_at) WHERE status IN ('waiting', 'working');
  CREATE INDEX job_expires ON octavo.job (expires_at);

  -- What the callback of a job that has ended is to hear, until it has: it outlives the job.
  CREATE TABLE octavo.delivery (
    job uuid PRIMARY KEY,
    link text NOT NULL,
    body text NOT NULL,
    -- Those that have begun. Also the fence: who takes it for another one makes it a new number.
    attempts integer NOT NULL DEFAULT 0,
    -- When the next attempt begins; while one runs, when it counts as lost.
    due_at timestamptz NOT NULL
  ) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);

  CREATE INDEX delivery_due ON octavo.delivery (due_at);

  -- Raised inside of the statement that accepts a job, so that counting and accepting are one.
  CREATE FUNCTION octavo.assert_room(queued_max integer) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM octavo.job WHERE status = 'waiting' OFFSET queued_max - 1 LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'the queue is full' USING ERRCODE = 'OC001';
    END IF;
    RETURN true;
  END
  $$;
  `,
  `
  -- Keys of the stored files that a job reads, as they were when it was accepted: they stay until it has ended.
  ALTER TABLE octavo.job ADD COLUMN needs text[];
  `,
];
