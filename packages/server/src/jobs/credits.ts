import type { Database, Statement } from '../database/database.ts';
import type { Job } from './job.ts';
import type { Limits } from './limits.ts';
import { assertCredits, creditsLeft } from './sql/credits.ts';

/** Raised by `octavo.assert_credits`. */
export const creditsUsedUp = 'OC003';

/** What clients hear of a key without a limit: a number that never runs out and that fits into 32 bits. */
export const unlimitedCredits = 1_000_000;

/**
 * What a job costs: nothing is sold here, and the prices of the original are not known, so that a job that succeeded is one credit,
 * however often it was tried. What has not ended is held back as if it will succeed.
 */
const jobCredits = 1;

export function creditsOf(status: Job['status']): number {
  return status === 'success' ? jobCredits : 0;
}

/** What the jobs of a tenant may cost: asked for only where its key has a limit. */
export interface Credits {
  /** To be run in the transaction that accepts a job of the tenant: fails by `creditsUsedUp` where it has no credits left. */
  assert(tenant: number): Promise<readonly Statement[]>;
  /**
   * How many more jobs of the tenant would be accepted, with what one gives back that is held; without a database, as was known
   * last. Of a tenant without a limit `unlimitedCredits`.
   */
  remaining(tenant: number, givenBack?: number): Promise<number>;
}

/** For servers without keys, and for tests. */
export const endlessCredits: Credits = {
  assert: async () => [],
  remaining: async () => unlimitedCredits,
};

/** Where a tenant has a limit, each of these costs a query. */
export function createCredits({
  database,
  limits,
}: {
  readonly database: Database;
  readonly limits: Limits;
}): Credits {
  /** Of tenants with a limit. */
  const lastKnown = new Map<number, number>();

  async function look(tenant: number, givenBack: number): Promise<number> {
    if (!(await limits.of(tenant)).credits) return unlimitedCredits;
    const [row] = await database.query<{ credits: string | null }>(creditsLeft, [tenant, jobCredits]);
    if (row === undefined || row.credits === null) return unlimitedCredits;
    const credits = Math.max(0, Number(row.credits) + givenBack);
    lastKnown.set(tenant, credits);
    return credits;
  }

  return {
    async assert(tenant) {
      return (await limits.of(tenant)).credits ? [{ sql: assertCredits, values: [tenant, jobCredits] }] : [];
    },
    remaining: (tenant, givenBack = 0) =>
      look(tenant, givenBack).catch(() => lastKnown.get(tenant) ?? unlimitedCredits),
  };
}
