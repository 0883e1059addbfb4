import { type Config, ConfigError } from '../config.ts';
import type { Database } from '../database/database.ts';
import { createSecrets, type Secrets, secretText } from '../jobs/secrets.ts';
import { createKeys } from '../keys/keys.ts';
import { beside } from './beside.ts';

export const webhooksUsage = 'webhooks show [KEY] | webhooks rotate [KEY] | webhooks retire [KEY]';
/** Whose calls need no key. */
const open = 0;

const verbs: Readonly<Record<string, (secrets: Secrets, tenant: number) => Promise<number>>> = {
  show,
  rotate,
  retire,
};

/** Shows and changes what callbacks are signed with, beside a running server too. A key is named by its number in `keys list`. */
export async function webhooks(config: Config, words: readonly string[]): Promise<number> {
  const [verb = '', key = String(open), ...rest] = words;
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (act === undefined || rest.length > 0 || !/^\d{1,9}$/.test(key))
    throw new ConfigError(`usage: octavo ${webhooksUsage}`);
  return beside(config, async (database) => {
    await assertKnown(database, Number(key));
    return act(createSecrets(database), Number(key));
  });
}

async function assertKnown(database: Database, tenant: number): Promise<void> {
  if (tenant === open || (await createKeys(database).list()).some(({ id }) => id === tenant)) return;
  throw new Error(`There is no key ${tenant}: see octavo keys list.`);
}

async function show(secrets: Secrets, tenant: number): Promise<number> {
  const [newest = '', ...older] = await secrets.of(tenant);
  console.log(`${whose(tenant)} are signed with:\n${secretText(newest)}`);
  for (const secret of older) console.log(`and until it is retired with:\n${secretText(secret)}`);
  return 0;
}

async function rotate(secrets: Secrets, tenant: number): Promise<number> {
  // So that there is one before it, with which a receiver may have begun.
  await secrets.of(tenant);
  const secret = await secrets.rotate(tenant);
  console.log(
    `${whose(tenant)} are signed with this secret too from now on. Give it to the receivers, then run octavo webhooks retire ${tenant}:\n${secretText(secret)}`,
  );
  return 0;
}

async function retire(secrets: Secrets, tenant: number): Promise<number> {
  const count = await secrets.retire(tenant);
  console.log(
    count === 0
      ? `${whose(tenant)} are signed with one secret already.`
      : `${whose(tenant)} are signed with the newest secret alone.`,
  );
  return 0;
}

function whose(tenant: number): string {
  return tenant === open ? 'Callbacks of calls without a key' : `Callbacks of key ${tenant}`;
}
