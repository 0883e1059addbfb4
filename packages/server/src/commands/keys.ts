import { type Config, ConfigError } from '../config.ts';
import { createKeys, type Keys, type Quota } from '../keys/keys.ts';
import { beside } from './beside.ts';

export const keysUsage =
  'keys create [--admin] NAME | keys list | keys revoke ID | keys quota ID MEGABYTES FILES (0: no limit) | keys credits ID NUMBER (or unlimited)';
const megabyte = 1024 * 1024;

/** Makes, lists and revokes API keys, beside a running server too. */
export async function keys(config: Config, words: readonly string[]): Promise<number> {
  const act = actionOf(words);
  return beside(config, (database) => act(createKeys(database)));
}

function actionOf(words: readonly string[]): (keys: Keys) => Promise<number> {
  const admin = words[1] === '--admin';
  const [verb, argument, ...rest] = admin ? words.toSpliced(1, 1) : words;
  if (admin && verb !== 'create') throw new ConfigError(`usage: octavo ${keysUsage}`);
  const numbers = [argument, ...rest].map((word) =>
    /^\d{1,9}$/.test(word ?? '') ? Number(word) : Number.NaN,
  );
  if (verb === 'quota' && numbers.length === 3 && !numbers.some(Number.isNaN)) {
    const [id, megabytes, files] = numbers as [number, number, number];
    return (all) => limit(all, id, { bytesMax: megabytes * megabyte, filesMax: files });
  }
  if (verb === 'credits' && rest.length === 1 && !Number.isNaN(numbers[0])) {
    const [id, credits] = numbers as [number, number];
    if (rest[0] === 'unlimited') return (all) => grant(all, id, null);
    if (!Number.isNaN(credits)) return (all) => grant(all, id, credits);
  }
  if (rest.length === 0) {
    if (verb === 'list' && argument === undefined) return list;
    if (verb === 'create' && argument !== undefined) return (all) => create(all, argument, admin);
    if (verb === 'revoke' && /^\d+$/.test(argument ?? '')) return (all) => revoke(all, Number(argument));
  }
  throw new ConfigError(`usage: octavo ${keysUsage}`);
}

async function create(all: Keys, name: string, admin: boolean): Promise<number> {
  const { id, key } = await all.create(name, admin);
  console.log(`Key ${id}, shown this once:\n${key}`);
  return 0;
}

async function limit(all: Keys, id: number, quota: Quota): Promise<number> {
  if (!(await all.limit(id, quota))) throw new Error(`There is no key ${id}.`);
  console.log(`Key ${id}: ${quotaText(quota)}.`);
  return 0;
}

async function grant(all: Keys, id: number, credits: number | null): Promise<number> {
  if (!(await all.grant(id, credits))) throw new Error(`There is no key ${id}.`);
  console.log(`Key ${id}: ${credits ?? 'unlimited'} credits from now on.`);
  return 0;
}

function hasQuota({ bytesMax, filesMax }: Quota): boolean {
  return bytesMax > 0 || filesMax > 0;
}

function quotaText({ bytesMax, filesMax }: Quota): string {
  const limits = [
    ...(bytesMax === 0 ? [] : [`${bytesMax / megabyte} MB`]),
    ...(filesMax === 0 ? [] : [`${filesMax} files`]),
  ];
  return limits.length === 0 ? 'no quota' : `at most ${limits.join(' and ')}`;
}

async function list(all: Keys): Promise<number> {
  for (const { id, name, admin, createdAt, revokedAt, quota, creditsUsed, creditsLeft } of await all.list()) {
    const columns = [
      id,
      name,
      admin && 'admin',
      `made ${createdAt.toISOString()}`,
      revokedAt !== undefined && `revoked ${revokedAt.toISOString()}`,
      hasQuota(quota) && quotaText(quota),
      `${creditsUsed} credits used${creditsLeft === null ? '' : `, ${creditsLeft} left`}`,
    ];
    console.log(columns.filter((column) => column !== false).join('\t'));
  }
  return 0;
}

async function revoke(all: Keys, id: number): Promise<number> {
  if (!(await all.revoke(id))) throw new Error(`There is no key ${id} that could be revoked.`);
  console.log(`Key ${id} is revoked.`);
  return 0;
}
