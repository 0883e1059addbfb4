import { type Config, ConfigError } from '../config.ts';
import { createDeliveryRecords, type DeliveryRecord, type DeliveryRecords } from '../jobs/records.ts';
import { beside } from './beside.ts';

export const deliveriesUsage =
  'deliveries list [--failed] | deliveries resend ID | deliveries resend --failed';
const pageSize = 500;

/** Shows callbacks that were not heard yet, and sends them again, beside a running server too. */
export async function deliveries(config: Config, words: readonly string[]): Promise<number> {
  const act = actionOf(words);
  return beside(config, (database) => act(createDeliveryRecords(database)));
}

function actionOf([verb, argument, ...rest]: readonly string[]): (
  records: DeliveryRecords,
) => Promise<number> {
  const failed = argument === '--failed';
  if (rest.length === 0) {
    if (verb === 'list' && (failed || argument === undefined)) return (records) => list(records, failed);
    if (verb === 'resend' && failed) return resendFailed;
    if (verb === 'resend' && argument !== undefined) return (records) => resend(records, argument);
  }
  throw new ConfigError(`usage: octavo ${deliveriesUsage}`);
}

async function list(all: DeliveryRecords, failed: boolean): Promise<number> {
  const state = failed ? ('failed' as const) : undefined;
  for (let after: number | undefined = 0; after !== undefined;) {
    const page = await all.list({ state, after, limit: pageSize });
    for (const record of page.records) console.log(lineOf(record));
    after = page.next;
  }
  return 0;
}

function lineOf({ id, state, host, attempts, triedAt, status, reason, nextAt }: DeliveryRecord): string {
  const last = status === undefined ? reason : `it answered ${status}`;
  return [
    id,
    state,
    host,
    `${attempts} attempts`,
    ...(triedAt === undefined ? [] : [`last ${triedAt.toISOString()}: ${last ?? ''}`]),
    ...(nextAt === undefined ? [] : [`next ${nextAt.toISOString()}`]),
  ].join('\t');
}

async function resend(all: DeliveryRecords, id: string): Promise<number> {
  if (!(await all.resend(id)))
    throw new Error(
      `There is no delivery ${id}, or it is being sent at the moment: see octavo deliveries list.`,
    );
  console.log(`Delivery ${id} is sent again.`);
  return 0;
}

async function resendFailed(all: DeliveryRecords): Promise<number> {
  console.log(`${await all.resendFailed()} deliveries are sent again.`);
  return 0;
}
