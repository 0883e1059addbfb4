import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../database/database.ts';
import { Failure } from '../errors.ts';
import { type Clock, systemClock } from '../platform/clock.ts';

/** API keys. The key itself is known to its holder alone: the database has a digest. */
export interface Keys {
  /** Makes a key of a tenant of its own; `admin` opens the calls below /admin too. The text is shown this once. */
  create(name: string, admin?: boolean): Promise<{ readonly id: number; readonly key: string }>;
  /** All keys, the oldest first. */
  list(): Promise<KeyRow[]>;
  /** Sets what the files of a key may be together; 0 for no limit. False where there is no such key. Servers notice within 5 seconds. */
  limit(id: number, quota: Quota): Promise<boolean>;
  /**
   * Lets the jobs of a key cost so many credits from now on, beside what they cost before; null for no limit. False where there is no
   * such key. Servers notice within 5 seconds.
   */
  grant(id: number, credits: number | null): Promise<boolean>;
  /** False where there is no such key, or it is revoked already. Running servers notice within 5 seconds. */
  revoke(id: number): Promise<boolean>;
  /** Gives the tenant. Throws `keyRefused`, or `databaseDown` where nobody can tell. */
  verify(key: string | undefined): Promise<number>;
  /** The same for the calls of admins. Throws `adminKeyNeeded` too. */
  verifyAdmin(key: string | undefined): Promise<number>;
}

/** What the uploads and results of a key may be together; 0 means that there is no limit. */
export interface Quota {
  readonly bytesMax: number;
  readonly filesMax: number;
}

/** What may be shown of a key. */
export interface KeyRow {
  readonly id: number;
  readonly name: string;
  readonly admin: boolean;
  readonly createdAt: Date;
  readonly revokedAt: Date | undefined;
  /** To the minute; undefined where it was never used. */
  readonly lastUsedAt: Date | undefined;
  readonly quota: Quota;
  /** What its jobs cost so far. */
  readonly creditsUsed: number;
  /** What they may cost yet; null where there is no limit. */
  readonly creditsLeft: number | null;
}

/** How long an answer of the database is believed. */
const believedMs = 5_000;
const rememberedMax = 10_000;
const usedEveryMs = 60_000;

interface Caller {
  readonly tenant: number;
  readonly admin: boolean;
}
interface Remembered {
  readonly until: number;
  readonly caller: Promise<Caller | null>;
}

/** Keys are long and random, so one round of SHA-256 is enough: there is nothing to guess. */
export function createKeys(
  database: Database,
  options: { readonly clock: Clock } = { clock: systemClock },
): Keys {
  const { clock } = options;
  const remembered = new Map<string, Remembered>();
  const usedAt = new Map<number, number>();

  const lookUp = async (digest: Buffer): Promise<Caller | null> => {
    const [row] = await database.query<Caller & { id: number }>(
      'SELECT id, tenant, admin FROM octavo.api_key WHERE digest = $1 AND revoked_at IS NULL',
      [digest],
    );
    if (row === undefined) return null;
    noteUse(row.id);
    return row;
  };
  /** Nobody waits for this, and nothing depends on it. */
  const noteUse = (id: number): void => {
    const now = clock.now();
    if (now - (usedAt.get(id) ?? -Infinity) < usedEveryMs) return;
    usedAt.set(id, now);
    void database
      .query('UPDATE octavo.api_key SET last_used_at = now() WHERE id = $1', [id])
      .catch(() => usedAt.delete(id));
  };
  const remember = (name: string, digest: Buffer): Remembered => {
    if (remembered.size >= rememberedMax) remembered.clear();
    const caller = lookUp(digest);
    // What could not be looked up is asked again by the next call.
    caller.catch(() => remembered.delete(name));
    const made = { until: clock.now() + believedMs, caller };
    remembered.set(name, made);
    return made;
  };
  const callerOf = async (key: string | undefined): Promise<Caller> => {
    // Anything else was never made here, and need not reach the database.
    if (key === undefined || !/^oct_[\w-]{43}$/.test(key)) throw new Failure('keyRefused');
    const digest = digestOf(key);
    const name = digest.toString('base64url');
    const known = remembered.get(name);
    const { caller } = known !== undefined && clock.now() < known.until ? known : remember(name, digest);
    const found = await caller;
    if (found === null) throw new Failure('keyRefused');
    return found;
  };

  return {
    async create(name, admin = false) {
      const key = `oct_${randomBytes(32).toString('base64url')}`;
      const [row] = await database.query<{ id: number }>(
        `WITH next AS (SELECT nextval(pg_get_serial_sequence('octavo.api_key', 'id'))::integer AS id)
         INSERT INTO octavo.api_key (id, name, digest, tenant, admin) SELECT id, $1, $2, id, $3 FROM next RETURNING id`,
        [name, digestOf(key), admin],
      );
      if (row === undefined) throw new Error('The database made no row for the key.');
      return { id: row.id, key };
    },
    async list() {
      const rows = await database.query<KeyColumns>(
        'SELECT id, name, admin, created_at, revoked_at, last_used_at, bytes_max, files_max, octavo.credits_used(tenant) AS credits_used, credits_max FROM octavo.api_key ORDER BY id',
      );
      return rows.map(toRow);
    },
    async limit(id, { bytesMax, filesMax }) {
      const rows = await database.query(
        'UPDATE octavo.api_key SET bytes_max = $2, files_max = $3 WHERE id = $1 RETURNING id',
        [id, bytesMax, filesMax],
      );
      return rows.length > 0;
    },
    async grant(id, credits) {
      const rows = await database.query(
        'UPDATE octavo.api_key SET credits_max = octavo.credits_used(tenant) + $2 WHERE id = $1 RETURNING id',
        [id, credits],
      );
      return rows.length > 0;
    },
    async revoke(id) {
      const rows = await database.query(
        'UPDATE octavo.api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id',
        [id],
      );
      remembered.clear();
      return rows.length > 0;
    },
    verify: async (key) => (await callerOf(key)).tenant,
    async verifyAdmin(key) {
      const { tenant, admin } = await callerOf(key);
      if (!admin) throw new Failure('adminKeyNeeded');
      return tenant;
    },
  };
}

interface KeyColumns {
  readonly id: number;
  readonly name: string;
  readonly admin: boolean;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
  readonly bytes_max: string;
  readonly files_max: number;
  readonly credits_used: string;
  readonly credits_max: string | null;
}

function toRow(columns: KeyColumns): KeyRow {
  return {
    id: columns.id,
    name: columns.name,
    admin: columns.admin,
    createdAt: columns.created_at,
    revokedAt: columns.revoked_at ?? undefined,
    lastUsedAt: columns.last_used_at ?? undefined,
    quota: { bytesMax: Number(columns.bytes_max), filesMax: columns.files_max },
    creditsUsed: Number(columns.credits_used),
    creditsLeft:
      columns.credits_max === null
        ? null
        : Math.max(0, Number(columns.credits_max) - Number(columns.credits_used)),
  };
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
