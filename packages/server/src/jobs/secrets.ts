import { randomBytes } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import { makeFirstSecret, retireSecrets, rotateSecrets, secretsOf } from './sql/secrets.ts';

/** What callbacks are signed with. Each tenant has secrets of its own, in the database, for all servers on it. */
export interface Secrets {
  /** Base64, the newest first: one, or two while receivers change over. Makes the first one where there is none. */
  of(tenant: number): Promise<readonly string[]>;
  /** Adds a new one, which it gives; the newest of those before stays, older ones go. */
  rotate(tenant: number): Promise<string>;
  /** Lets go of all but the newest. Gives how many. */
  retire(tenant: number): Promise<number>;
}

const secretBytes = 32;

/** Nothing is remembered here: what is changed beside a running server counts from its next attempt on. */
export function createSecrets(database: Queryable): Secrets {
  const read = async (tenant: number) =>
    (await database.query<{ secret: string }>(secretsOf, [tenant])).map(({ secret }) => secret);
  return {
    async of(tenant) {
      const known = await read(tenant);
      if (known.length > 0) return known;
      await database.query(makeFirstSecret, [tenant, fresh()]);
      return read(tenant);
    },
    async rotate(tenant) {
      const secret = fresh();
      await database.query(rotateSecrets, [tenant, secret]);
      return secret;
    },
    retire: async (tenant) => (await database.query(retireSecrets, [tenant])).length,
  };
}

/** As receivers' libraries want to have a secret. */
export function secretText(secret: string): string {
  return `whsec_${secret}`;
}

function fresh(): string {
  return randomBytes(secretBytes).toString('base64');
}
