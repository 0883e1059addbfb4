import type { Database } from '../database/database.ts';
import { hasCode } from '../database/down.ts';
import { Failure } from '../errors.ts';
import { slotOf, type FileLink } from '../links/links.ts';
import type { Clock } from '../platform/clock.ts';
import { partsOf } from '../storage/key.ts';
import type { StoredFile } from '../storage/storage.ts';
import type { Limits } from './limits.ts';
import {
  assertRoom,
  countFile,
  expectUntil,
  forgetDeleted,
  forgetUnstored,
  reserveUpload,
} from './sql/quotas.ts';

/** Raised by `octavo.reserve_upload` and `octavo.assert_quota`. */
const quotaReached = 'OC002';
/** Of an upload that does not say how long it is, so much is reserved at a time. */
const stepBytes = 16 * 1024 * 1024;

/** What the files of a tenant may be together: counted only where its key has a quota. */
export interface Quotas {
  /** Throws the Failure `quotaReached` where the tenant has no room for another file. */
  assertRoom(tenant: number): Promise<void>;
  /**
   * Stores an upload by `put`, and counts it. Throws `quotaReached` before the bytes that have no room are stored.
   * `declaredBytes`: how long the client says it is.
   */
  upload(
    link: FileLink,
    bytes: AsyncIterable<Uint8Array>,
    declaredBytes: number | undefined,
    put: (bytes: AsyncIterable<Uint8Array>) => Promise<StoredFile>,
  ): Promise<StoredFile>;
  /**
   * Counts an upload that comes past the server: as long as its link lives, whether it has come or was deleted. Throws `quotaReached`.
   * Afterwards the sweeper looks at what has come.
   */
  expect(link: FileLink, bytes: number, until: Date): Promise<void>;
  /** Counts a result that was stored. */
  result(tenant: number, file: StoredFile, expiresAt: Date): Promise<void>;
  /** The files of this slot were deleted. What can still be sent there counts on. */
  forget(tenant: number, slot: string): Promise<void>;
}

export interface QuotasParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly limits: Limits;
}

/** For servers without keys, and for tests. */
export const noQuotas: Quotas = {
  assertRoom: async () => {},
  upload: (_link, bytes, _declaredBytes, put) => put(bytes),
  expect: async () => {},
  result: async () => {},
  forget: async () => {},
};

/** Costs nothing where a tenant has no quota. */
export function createQuotas({ database, clock, limits }: QuotasParts): Quotas {
  const counts = async (tenant: number) => (await limits.of(tenant)).files;
  const now = () => new Date(clock.now());

  /** Gives what was counted for the slot before; undefined where there was nothing. */
  async function reserve(link: FileLink, bytes: number): Promise<number | undefined> {
    const values = [slotOf(link), link.tenant, bytes, new Date(link.expiresAt), now()];
    const [row] = await database
      .query<{ before: string | null }>(reserveUpload, values)
      .catch((error: unknown) => {
        throw asFailure(error);
      });
    return row === undefined || row.before === null ? undefined : Number(row.before);
  }

  /** Passes the bytes on, and reserves more where they become more. */
  async function* within(
    link: FileLink,
    bytes: AsyncIterable<Uint8Array>,
    reservedBytes: number,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    let reserved = reservedBytes;
    let total = 0;
    for await (const chunk of bytes) {
      total += chunk.length;
      if (total > reserved) {
        // Most have room for a step; where it is tight, for these bytes at least.
        reserved = await reserve(link, total + stepBytes).then(
          () => total + stepBytes,
          async () => {
            await reserve(link, total);
            return total;
          },
        );
      }
      yield chunk;
    }
  }

  async function count(tenant: number, slot: string, bytes: number, expiresAt: Date): Promise<void> {
    await database.query(countFile, [slot, tenant, bytes, expiresAt, now()]);
  }

  async function settle(link: FileLink, bytes: number | undefined): Promise<void> {
    if (bytes === undefined) await database.query(forgetUnstored, [slotOf(link)]);
    else await count(link.tenant, slotOf(link), bytes, new Date(link.expiresAt));
  }

  return {
    async assertRoom(tenant) {
      if (!(await counts(tenant))) return;
      await database.query(assertRoom, [tenant, now()]).catch((error: unknown) => {
        throw asFailure(error);
      });
    },
    async upload(link, bytes, declaredBytes, put) {
      if (!(await counts(link.tenant))) return put(bytes);
      const before = await reserve(link, declaredBytes ?? 0);
      let stored: StoredFile | undefined;
      try {
        stored = await put(within(link, bytes, declaredBytes ?? 0));
        return stored;
      } finally {
        // Where this is lost, the sweeper looks at what is stored.
        await settle(link, stored === undefined ? before : stored.sizeBytes).catch(() => {});
      }
    },
    async expect(link, bytes, until) {
      if (!(await counts(link.tenant))) return;
      await reserve(link, bytes);
      await database.query(expectUntil, [slotOf(link), until]);
    },
    async result(tenant, { key, sizeBytes }, expiresAt) {
      if (await counts(tenant)) await count(tenant, partsOf(key).slot, sizeBytes, expiresAt);
    },
    async forget(tenant, slot) {
      if (await counts(tenant)) await database.query(forgetDeleted, [slot, now()]);
    },
  };
}

function asFailure(error: unknown): unknown {
  return hasCode(error, quotaReached) ? new Failure('quotaReached', {}, { cause: error }) : error;
}
