import type { Database } from '../database/database.ts';
import type { Clock } from '../platform/clock.ts';
import { findLimits } from './sql/limits.ts';

const believedMs = 5_000;
const rememberedMax = 10_000;

/** What an operator has limited of a tenant. */
export interface Limited {
  /** Its files are counted, and may be too many. */
  readonly files: boolean;
  /** Its credits may be used up. */
  readonly credits: boolean;
}

/** Knows who has a limit, so that whoever has none pays nothing for those who have. */
export interface Limits {
  of(tenant: number): Promise<Limited>;
}

interface Remembered extends Limited {
  until: number;
}

const none: Limited = { files: false, credits: false };

/** Where a tenant has no limit, this costs one query in five seconds, and none where calls need no key. */
export function createLimits({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): Limits {
  const remembered = new Map<number, Remembered>();

  async function look(tenant: number): Promise<Limited> {
    const [limited = none] = await database.query<Limited>(findLimits, [tenant]);
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(tenant, { ...limited, until: clock.now() + believedMs });
    return limited;
  }

  return {
    /** Nobody waits for news of what is known, and without a database what was known goes on to count. */
    async of(tenant) {
      if (tenant === 0) return none;
      const known = remembered.get(tenant);
      if (known === undefined) return look(tenant);
      if (clock.now() >= known.until) {
        known.until = clock.now() + believedMs;
        look(tenant).catch(() => {});
      }
      return known;
    },
  };
}
