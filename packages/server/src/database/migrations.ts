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
  `
  -- What the files of a key may be together; 0 means that they are not counted.
  ALTER TABLE octavo.api_key ADD COLUMN bytes_max bigint NOT NULL DEFAULT 0;
  ALTER TABLE octavo.api_key ADD COLUMN files_max integer NOT NULL DEFAULT 0;

  -- The uploads and results of keys that have a quota, and of no others.
  CREATE TABLE octavo.counted_file (
    slot text PRIMARY KEY,
    tenant integer NOT NULL,
    bytes bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    -- When it was last heard of; false while it comes.
    at timestamptz NOT NULL,
    stored boolean NOT NULL
  );
  CREATE INDEX counted_file_tenant ON octavo.counted_file (tenant);
  CREATE INDEX counted_file_expires ON octavo.counted_file (expires_at);
  CREATE INDEX counted_file_unheard ON octavo.counted_file (at) WHERE NOT stored;

  -- Raises OC002 unless the tenant has room for one more file of so many bytes, beside all but that of this slot.
  CREATE FUNCTION octavo.assert_quota(of_tenant integer, but_slot text, more_bytes bigint, as_of timestamptz)
  RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    allowed record;
    used_bytes bigint;
    used_files bigint;
  BEGIN
    SELECT bytes_max, files_max INTO allowed FROM octavo.api_key WHERE tenant = of_tenant LIMIT 1;
    SELECT coalesce(sum(bytes), 0), count(*) INTO used_bytes, used_files
    FROM octavo.counted_file WHERE tenant = of_tenant AND slot <> but_slot AND expires_at > as_of;
    IF allowed.files_max > 0 AND used_files >= allowed.files_max
      OR allowed.bytes_max > 0 AND (used_bytes + more_bytes > allowed.bytes_max OR used_bytes >= allowed.bytes_max)
    THEN
      RAISE EXCEPTION 'the quota is reached' USING ERRCODE = 'OC002';
    END IF;
  END
  $$;

  CREATE FUNCTION octavo.reserve_upload(
    of_slot text, of_tenant integer, wanted_bytes bigint, until timestamptz, as_of timestamptz
  ) RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE
    before bigint;
  BEGIN
    -- Uploads of one tenant one after the other: each counts what the others have reserved.
    PERFORM pg_advisory_xact_lock(1867, of_tenant);
    PERFORM octavo.assert_quota(of_tenant, of_slot, wanted_bytes, as_of);
    SELECT bytes INTO before FROM octavo.counted_file WHERE slot = of_slot AND stored;
    INSERT INTO octavo.counted_file AS counted (slot, tenant, bytes, expires_at, at, stored)
    VALUES (of_slot, of_tenant, wanted_bytes, until, as_of, false)
    ON CONFLICT (slot) DO UPDATE SET bytes = greatest(counted.bytes, wanted_bytes), at = as_of, stored = false;
    RETURN before;
  END
  $$;
  `,
  `
  -- Callbacks that were given up stay as records, with \`due_at\` null.
  ALTER TABLE octavo.delivery
    ALTER COLUMN due_at DROP NOT NULL,
    -- The order in which they were made.
    ADD COLUMN number bigserial,
    ADD COLUMN tenant integer NOT NULL DEFAULT 0,
    -- Of the link, with its port where that is not the usual one.
    ADD COLUMN host text NOT NULL DEFAULT '',
    -- The fence: a new number for each attempt, also after the count of attempts has begun anew.
    ADD COLUMN turn integer NOT NULL DEFAULT 0,
    -- Null while nobody is at it.
    ADD COLUMN taken_at timestamptz,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    -- What came of the last attempt, and when.
    ADD COLUMN last_at timestamptz,
    ADD COLUMN last_status integer,
    ADD COLUMN last_reason text;
  UPDATE octavo.delivery SET tenant = job.tenant FROM octavo.job WHERE job.id = delivery.job;
  -- Those of a host that has enough to do are passed over without a look at their rows.
  DROP INDEX octavo.delivery_due;
  CREATE INDEX delivery_due ON octavo.delivery (due_at) INCLUDE (host, job);
  CREATE UNIQUE INDEX delivery_number ON octavo.delivery (number);
  CREATE INDEX delivery_given_up ON octavo.delivery (last_at) WHERE due_at IS NULL;

  -- What callbacks are signed with, in base64; the highest number is the newest.
  CREATE TABLE octavo.webhook_secret (
    tenant integer NOT NULL,
    number integer NOT NULL,
    secret text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, number)
  );

  -- Whether the key opens the calls below /admin.
  ALTER TABLE octavo.api_key ADD COLUMN admin boolean NOT NULL DEFAULT false;
  `,
  `
  -- What the job cost. With the job's end, so that it is counted once, and no two jobs wait for one counter.
  ALTER TABLE octavo.job ADD COLUMN credits integer NOT NULL DEFAULT 0;
  -- Whether the row of the key has it already.
  ALTER TABLE octavo.job ADD COLUMN settled boolean NOT NULL DEFAULT false;
  CREATE INDEX job_unsettled ON octavo.job (tenant) INCLUDE (credits) WHERE credits > 0 AND tenant > 0 AND NOT settled;

  -- What its jobs cost that are deleted or settled; added by the statement that does so.
  ALTER TABLE octavo.api_key ADD COLUMN credits_settled bigint NOT NULL DEFAULT 0;
  -- What its jobs may cost in all; null where there is no limit.
  ALTER TABLE octavo.api_key ADD COLUMN credits_max bigint;

  -- One look at both tables: a job that is settled meanwhile counts in one of them.
  CREATE FUNCTION octavo.credits_used(of_tenant integer) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((
      SELECT sum(credits) FROM octavo.job WHERE tenant = of_tenant AND credits > 0 AND tenant > 0 AND NOT settled
    ), 0)::bigint + coalesce((SELECT credits_settled FROM octavo.api_key WHERE tenant = of_tenant LIMIT 1), 0)
  $$;

  -- Null where there is no limit. Jobs that have not ended count as if they had succeeded.
  CREATE FUNCTION octavo.credits_left(of_tenant integer, job_credits integer) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT credits_max - octavo.credits_used(of_tenant) - job_credits * (
      SELECT count(*) FROM octavo.job WHERE status IN ('waiting', 'working') AND tenant = of_tenant
    ) FROM octavo.api_key WHERE tenant = of_tenant LIMIT 1
  $$;

  -- Raises OC003 where the tenant has not so many credits left; until the end of the transaction nobody else spends them.
  CREATE FUNCTION octavo.assert_credits(of_tenant integer, job_credits integer) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(1868, of_tenant);
    IF octavo.credits_left(of_tenant, job_credits) < job_credits THEN
      RAISE EXCEPTION 'the credits are used up' USING ERRCODE = 'OC003';
    END IF;
  END
  $$;
  `,
  `
  -- Calls that came with an Idempotency-Key, and the job that each made. Both are kept as digests: the call may hold passwords.
  CREATE TABLE octavo.idempotency_key (
    tenant integer NOT NULL,
    key bytea NOT NULL,
    call bytea NOT NULL,
    job uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, key)
  );
  CREATE INDEX idempotency_key_expires ON octavo.idempotency_key (expires_at);

  -- Raises OC004 where the key is taken; whoever takes it at the same time waits for the end of this transaction.
  CREATE FUNCTION octavo.take_key(
    of_tenant integer, of_key bytea, of_call bytea, of_job uuid, until timestamptz, as_of timestamptz
  ) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO octavo.idempotency_key AS known (tenant, key, call, job, expires_at)
    VALUES (of_tenant, of_key, of_call, of_job, until)
    ON CONFLICT (tenant, key) DO UPDATE SET call = of_call, job = of_job, expires_at = until
    WHERE known.expires_at <= as_of;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the key is taken' USING ERRCODE = 'OC004';
    END IF;
  END
  $$;
  `,
  `
  -- How far an open job is, as its worker said at its last beat: it only grows, also over several attempts.
  ALTER TABLE octavo.job ADD COLUMN progress real NOT NULL DEFAULT 0;
  ALTER TABLE octavo.job ADD COLUMN stage text;
  `,
  `
  -- Templates that who runs the server brought. Those that are shipped with the product have no rows.
  CREATE TABLE octavo.template (
    kind text NOT NULL,
    id integer NOT NULL CHECK (id > 0),
    -- Whose it is; null where all tenants may use it.
    tenant integer,
    title text NOT NULL,
    description text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, id)
  );
  CREATE SEQUENCE octavo.template_id AS integer START 1001;
  `,
];
