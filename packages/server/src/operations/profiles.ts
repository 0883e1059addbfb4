import * as z from 'zod';
import { Failure, type FailureName } from '../errors.ts';
import { FieldList, readMembers } from './field-list.ts';
import { type Field, field, type RawFields, type RawValue, readField, type Values } from './fields.ts';
import { keyOf, profileKeysMax, type ProfileKeys, profileTextMax, readProfileKeys } from './profile-keys.ts';
import { sealingKeys } from './sealing.ts';

type Fields = Readonly<Record<string, Field<unknown>>>;

const warningsMax = 20;
const shownMax = 80;

/** Of every job. */
export const profilesField: Field<ProfileKeys> = {
  ...field.text(
    'More options, as a JSON object in a text: see docs/profiles.md for its spellings and for what every operation knows in it.',
  ),
  expected: `a JSON object as text, of at most ${profileTextMax} characters and ${profileKeysMax} keys`,
  schema: z
    .array(z.unknown())
    .transform(readProfileKeys)
    .pipe(z.custom<ProfileKeys>((keys) => keys !== undefined)),
  failure: 'profilesInvalid',
};

/** Keys of every operation. */
export const everyKeys = {
  std_params: field.object(
    'Fields of the request, for tools that have room for nothing but `profiles`. They win over those outside.',
  ),
  ...sealingKeys,
};

/** A request whose profile is read. */
export interface Opened {
  /** Its fields with those of `std_params`, which win; `profiles` is what else its profile has, as one flat object. */
  readonly raw: RawFields;
  readonly keys: ProfileKeys;
}

/** Reads `profiles` of a request. `fields`: those of its operation. Throws the Failure `profilesInvalid`. */
export function openProfiles(raw: RawFields, fields: Fields): Opened {
  const keys = new Map(readField('profiles', profilesField, raw));
  const given = new Map(raw);
  const standard = new FieldList();
  readMembers(readKeys({ std_params: everyKeys.std_params }, keys).std_params, standard);
  standard.remove('profiles');
  for (const [name, values] of standard.all()) {
    const names = Object.entries(fields).map(([own, one]) => [own, ...one.alsoNamed].map(lower));
    for (const other of names.find((some) => some.includes(name)) ?? []) given.delete(other);
    given.set(name, values);
  }
  keys.delete('std_params');
  given.delete('profiles');
  const rest = Object.fromEntries([...keys.values()].map(({ name, value }) => [name, value]));
  if (keys.size > 0) given.set('profiles', [rest]);
  return { raw: given, keys };
}

/** Where keys stand, for failures. */
interface Place {
  readonly field: string;
  readonly failure: FailureName;
  /** Of all names: `images.color.`. */
  readonly prefix: string;
}
const inProfiles: Place = { field: 'profiles', failure: 'profilesInvalid', prefix: '' };

/** The values of the keys that are declared; an empty text and null are as good as nothing. Throws the failure of the place. */
export function readKeys<F extends Fields>(
  declared: F,
  keys: ProfileKeys,
  { field: within, failure, prefix }: Place = inProfiles,
): Values<F> {
  const read = Object.entries(declared).map(([name, one]) => {
    const found = [name, ...one.alsoNamed]
      .map((other) => keys.get(keyOf(prefix + other))?.value)
      .find(isGiven);
    const value = one.schema.safeParse(found === undefined ? [] : [found]);
    if (!value.success) {
      const path = `${within}.${prefix}${name}`;
      const { expected } = one;
      throw new Failure(failure, { field: path, expected, reason: `${path} must be ${expected}` });
    }
    return [name, value.data];
  });
  return Object.fromEntries(read) as Values<F>;
}

/** Names of the keys that an operation knows. */
export function namesOf(declared: Fields): string[] {
  return Object.entries({ ...everyKeys, ...declared }).flatMap(([name, { alsoNamed }]) => [
    name,
    ...alsoNamed,
  ]);
}

/** A line of warning for each key that has none of the names. Unknown keys never fail: clients send them to all servers. */
export function unknownKeys(names: readonly string[], keys: ProfileKeys, within = 'profiles'): string[] {
  const known = new Set(names.map(keyOf));
  return [...keys]
    .filter(([key]) => !known.has(key))
    .slice(0, warningsMax)
    .map(([, { name }]) => `${within}: ${name.slice(0, shownMax).toWellFormed()} is not known here.`);
}

function isGiven(value: unknown): value is RawValue {
  return value !== undefined && value !== null && value !== '';
}

function lower(name: string): string {
  return name.toLowerCase();
}
