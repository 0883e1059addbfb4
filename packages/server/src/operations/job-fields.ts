import { Failure } from '../errors.ts';
import { type Field, field, readFields } from './fields.ts';
import { type Opened, profilesField, readKeys } from './profiles.ts';
import { type Sealing, sealingKeys, sealingOf } from './sealing.ts';

/** The fields of every job, which operations never see. */
export interface JobFields {
  readonly async: boolean;
  /** Name of the result as the client gave it; empty means that the server chooses. */
  readonly name: string;
  readonly password: string;
  readonly expiration: number;
  readonly callback: string;
  readonly httpusername: string;
  readonly httppassword: string;
  /** How sources come, and results are stored; absent where they are what they are. */
  readonly sealing?: Sealing;
}

const callback = field.text(
  'Link that gets a POST when the job has ended, with what `/job/check` answers then, but without the result itself. It is signed, and sent up to eight times within a day, until the answer is a 2xx.',
);

const kept = {
  async: field.boolean('Answer at once with `jobId`, and with the link where the result will be.', false),
  name: field.text('File name of the result, the last part of its link. A missing extension is added.'),
  password: field.text('Password that opens protected sources.'),
  expiration: field.expiration('Minutes that the result is kept'),
  callback: { ...callback, schema: callback.schema.transform((text) => text.trim()) },
  httpusername: field.text('User name, where a source link asks for one.'),
  httppassword: field.text('Password, where a source link asks for one.'),
} satisfies Readonly<Record<Exclude<keyof JobFields, 'sealing'>, Field<unknown>>>;

/** The same for every job, whatever its operation. */
export const jobFields = { ...kept, profiles: profilesField };

/** Reads them. Throws Failures. */
export function readJobFields({ raw, keys }: Opened): JobFields {
  const sealing = sealingOf(readKeys(sealingKeys, keys));
  return { ...readFields(kept, raw), ...(sealing && { sealing }) };
}

/** How long files are kept, in minutes. */
export interface KeptLimits {
  /** Where the call does not say. */
  readonly fileMinutes: number;
  readonly fileMinutesMax: number;
}

/** Minutes that a file is kept for which a call asked so much. Throws the Failure `fieldInvalid`. */
export function keptMinutes(expiration: number, { fileMinutes, fileMinutesMax }: KeptLimits): number {
  if (expiration <= fileMinutesMax) return expiration === 0 ? fileMinutes : expiration;
  const expected = `a whole number of minutes up to ${fileMinutesMax}, the longest that this server keeps a file`;
  throw new Failure('fieldInvalid', { field: 'expiration', expected });
}
