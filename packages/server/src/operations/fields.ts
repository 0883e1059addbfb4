import * as z from 'zod';
import { Failure, type FailureName } from '../errors.ts';
import { isObject } from './relaxed-json.ts';
import {
  last,
  numberIn,
  numbersUpTo,
  oneText,
  type Range,
  rangesText,
  relaxedObject,
  textMax,
  truthOf,
  wholeIn,
} from './value-schemas.ts';

/**
 * Fields as they came: lower-case names without `[]`, each with all values that were sent for it, the body's in place of the
 * query's. A value is text, a JSON value, or a part that was uploaded with the call. Empty texts are left out: they mean "absent".
 */
export type RawFields = ReadonlyMap<string, readonly RawValue[]>;
export type RawValue = string | number | boolean | object | UploadedPart;

/** A file part of a multipart body, stored as an upload before the call is looked at. */
export class UploadedPart {
  /** Token of the upload. */
  readonly token: string;
  /** File name that the client gave, hostile text. */
  readonly name: string;
  constructor(token: string, name: string) {
    this.token = token;
    this.name = name;
  }
}

/** Where an input comes from: a link as the client wrote it, or a part of the call. */
export type Source =
  | { readonly kind: 'link'; readonly link: string }
  | { readonly kind: 'part'; readonly token: string; readonly name: string };

/**
 * `never`; `data-uri`: one that begins `data:...;base64,`; `base64`: every one, with that beginning or without; `always`: its bytes are
 * the file, but for a data URI and a link; `text`: the same. Where it is `always`, the file parts of other names and a body that is a file count as this field too.
 */
export type TextIsFile = 'never' | 'data-uri' | 'base64' | 'text' | 'always';

/** One field of an operation: how its values are read, and what the documentation says of it. */
export interface Field<Value> {
  readonly about: string;
  /** What a client hears when the value is missing or does not fit: "true or false". */
  readonly expected: string;
  /** Other wire names whose values count as this field's; matched in any letter case. */
  readonly alsoNamed: readonly string[];
  /** Takes the list of all values that were sent, undefined for none. Its input side is the JSON Schema of the documentation. */
  readonly schema: z.ZodType<Value>;
  /** JSON Schema of the value as clients send it. */
  readonly wire: Readonly<Record<string, unknown>>;
  readonly required: boolean;
  readonly isSources: boolean;
  /** Which texts of this field are files, which the edge stores before the call is looked at. */
  readonly textIsFile: TextIsFile;
  /** Row of the table of failures for a value that does not fit. */
  readonly failure: FailureName;
}

/** Reads one field of a request. Throws `fieldMissing` or the failure of the field. */
export function readField<Value>(name: string, field: Field<Value>, raw: RawFields): Value {
  const values = [name, ...field.alsoNamed].flatMap((wireName) => raw.get(wireName.toLowerCase()) ?? []);
  if (values.length === 0 && field.required)
    throw new Failure('fieldMissing', { field: name, expected: field.expected });
  const read = field.schema.safeParse(values);
  if (read.success) return read.data;
  throw new Failure(field.failure, {
    field: name,
    expected: field.expected,
    reason: `use ${field.expected}`,
  });
}

/** The values of some fields, by name. */
export type Values<F extends Readonly<Record<string, Field<unknown>>>> = {
  readonly [Name in keyof F]: F[Name] extends Field<infer Value> ? Value : never;
};

/** Reads all fields of a request. Throws the failure of the first that does not fit. */
export function readFields<F extends Readonly<Record<string, Field<unknown>>>>(
  fields: F,
  raw: RawFields,
): Values<F> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, one]) => [name, readField(name, one, raw)]),
  ) as Values<F>;
}

/** Documents that one call may name. */
export const sourcesMax = 2_000;
/** What stands between the commas of one text: some of it is empty. A text of many megabytes may be nothing but commas. */
const piecesMax = 2 * sourcesMax;
const secondsMax = 3_600;
/** What is no strict JSON is read slowly, and everybody else waits meanwhile. */
const objectsTextMax = 1024 * 1024;
/** A year: no server keeps a file for longer, whatever its settings. */
export const keptMinutesMax = 366 * 24 * 60;

/** What a text has to be that stands for a file. */
export const base64Expected = 'base64 text, or a data URI that says ";base64"';

/** The vocabulary of the wire. All tolerance for what real clients send lives here. */
export const field = {
  /** One or more documents: links separated by commas, JSON lists of them, or file parts of the call. */
  sources(about: string): Field<Source[]> {
    return {
      ...plain(about, 'one or more links, separated by commas, or file parts'),
      alsoNamed: ['file'],
      schema: z
        .array(z.unknown())
        .transform(toSources)
        .pipe(z.array(z.custom<Source>()).min(1).max(sourcesMax)),
      wire: { type: 'string' },
      required: true,
      isSources: true,
      textIsFile: 'data-uri',
    };
  },
  /** One document: a link, or a file part of the call. A comma is a part of the link. */
  source(about: string): Field<Source> {
    return {
      ...plain(about, 'one link, or a file part'),
      alsoNamed: ['file'],
      schema: last.transform(toSource).pipe(z.custom<Source>((source) => source !== undefined)),
      wire: { type: 'string' },
      required: true,
      isSources: true,
      textIsFile: 'data-uri',
    };
  },
  /** Files that come with the call: parts of a form, or the body. */
  uploads(about: string): Field<readonly [UploadedPart, ...UploadedPart[]]> {
    return {
      ...plain(
        about,
        'a file as a part of a multipart form; links go to /file/upload/url, base64 to /file/upload/base64',
      ),
      schema: z
        .array(z.unknown())
        .pipe(
          z.custom<[UploadedPart, ...UploadedPart[]]>((values) =>
            (values as unknown[]).every((value) => value instanceof UploadedPart),
          ),
        ),
      wire: { type: 'string', format: 'binary' },
      required: true,
      textIsFile: 'always',
    };
  },
  /** One file as base64 text. */
  base64(about: string): Field<UploadedPart> {
    return {
      ...plain(about, base64Expected),
      schema: last.pipe(z.instanceof(UploadedPart)),
      wire: { type: 'string', contentEncoding: 'base64' },
      required: true,
      textIsFile: 'base64',
    };
  },
  /** `true`, `True`, `"1"`, 1 and their opposites. */
  boolean(about: string, absent: boolean): Field<boolean> {
    return {
      ...plain(about, 'true or false'),
      schema: last.pipe(
        z.preprocess((value) => (value === undefined ? absent : truthOf(value)), z.boolean()),
      ),
      wire: { type: 'boolean', default: absent },
    };
  },
  /** One of a few words, in any letter case. */
  choice<const Choice extends string>(
    about: string,
    choices: readonly [Choice, ...Choice[]],
    absent: NoInfer<Choice>,
  ): Field<Choice> {
    return {
      ...plain(about, `one of ${choices.join(', ')}`),
      schema: last.pipe(
        z.preprocess((value) => {
          const asked = String(value ?? absent)
            .trim()
            .toLowerCase();
          return choices.find((choice) => choice.toLowerCase() === asked);
        }, z.enum(choices)),
      ),
      wire: { type: 'string', enum: choices, default: absent },
    };
  },
  /**
   * Pages as text: `1-3,5-,!1`, or as a JSON list of such texts and of numbers. Which there are, the engine says that reads the document. `first`: the number of the first page.
   * Empty where all are meant, unless it is required.
   */
  pages(
    about: string,
    { first, each = false, required = false }: { first: 0 | 1; each?: boolean; required?: boolean },
  ): Field<string> {
    const item = `!?\\d{1,9}(?:\\s*-(?:\\s*!?\\d{1,9})?)?${each ? '|\\*' : ''}`;
    const pattern = `^\\s*(?:${item})\\s*(?:,\\s*(?:${item})\\s*)*$`;
    const form = new RegExp(pattern);
    const one = `${first}-${first + 1},${first + 2}-`;
    const expected = `pages from ${first} on, such as ${one}${each ? ', or * for each page alone' : ''}`;
    return {
      ...plain(about, expected),
      schema: rangesText.pipe(z.string().refine((text) => (text === '' ? !required : form.test(text)))),
      wire: { type: 'string', pattern, ...(required ? {} : { default: '' }) },
      required,
      failure: 'pagesInvalid',
    };
  },
  text(about: string): Field<string> {
    return {
      ...plain(about, `text of at most ${textMax} characters`),
      schema: oneText,
      wire: { type: 'string', default: '' },
    };
  },
  /** Whole number, also as text. */
  integer(about: string, range: Range): Field<number> {
    return {
      ...plain(about, `a whole number from ${range.min} to ${range.max}`),
      schema: last.pipe(wholeIn(range)),
      wire: { type: 'integer', minimum: range.min, maximum: range.max, default: range.absent },
    };
  },
  /** Number, with decimals, also as text. */
  number(about: string, range: Range): Field<number> {
    return {
      ...plain(about, `a number from ${range.min} to ${range.max}`),
      schema: last.pipe(numberIn(range)),
      wire: { type: 'number', minimum: range.min, maximum: range.max, default: range.absent },
    };
  },
  /** Numbers in a list, or as text with blanks, commas or semicolons between them. None where nothing is sent. */
  numbers(about: string, { expected, max }: { expected: string; max: number }): Field<number[]> {
    return {
      ...plain(about, expected),
      schema: numbersUpTo(max),
      wire: { type: 'string', default: '' },
    };
  },
  /** Seconds that an answer may wait; `true` stands for as long as the server lets it. */
  seconds(about: string): Field<number> {
    const range = { min: 0, max: secondsMax, absent: 0 };
    const orTrue = (value: unknown) => (/^\s*true\s*$/i.test(String(value)) ? secondsMax : value);
    return {
      ...field.integer(about, range),
      expected: `a whole number of seconds from 0 to ${secondsMax}`,
      schema: last.transform(orTrue).pipe(wholeIn(range)),
    };
  },
  /** How long a file is kept: 0 where the call leaves that to the server, see `keptMinutes`. */
  expiration(about: string): Field<number> {
    const range = { min: 0, max: keptMinutesMax, absent: 0 };
    return field.integer(`${about}; 0 or nothing stands for the default of the server (60).`, range);
  },
  /** JSON objects in a list, which may be text; `described` is the JSON Schema of one. */
  objects(about: string, max: number, described: object = {}): Field<object[]> {
    const read = (value: unknown) =>
      typeof value === 'string' && value.length > objectsTextMax ? undefined : relaxedObject(value);
    return {
      ...plain(about, `a JSON list of 1 to ${max} objects`),
      schema: z
        .array(z.unknown())
        .transform((values) => values.flatMap(read))
        .pipe(z.array(z.custom<object>(isObject)).min(1).max(max)),
      wire: { type: 'array', items: { type: 'object', ...described }, minItems: 1, maxItems: max },
      required: true,
    };
  },
  /** One JSON object, which may be text: relaxed JSON, as clients write it by hand. */
  object(about: string, described: object = {}): Field<object> {
    return {
      ...plain(about, 'a JSON object'),
      schema: last.pipe(z.preprocess(relaxedObject, z.record(z.string(), z.unknown()))),
      wire: { type: 'object', ...described },
    };
  },
  /** Of another kind, and undefined where nothing is given. */
  optional<Value>(one: Field<Value>): Field<Value | undefined> {
    const { default: _, ...wire } = one.wire;
    return { ...one, schema: z.union([z.tuple([]).transform(() => undefined), one.schema]), wire };
  },
};

function plain(about: string, expected: string) {
  return {
    about,
    expected,
    alsoNamed: [],
    required: false,
    isSources: false,
    textIsFile: 'never' as const,
    failure: 'fieldInvalid' as const,
  };
}

function toSources(values: readonly unknown[]): Source[] {
  return values.flatMap((value): Source[] => {
    if (value instanceof UploadedPart) return [{ kind: 'part', token: value.token, name: value.name }];
    if (Array.isArray(value)) return toSources(value);
    if (typeof value !== 'string') return [];
    const pieces = value.split(',', piecesMax + 1);
    // Of too many none is left out, so that they are refused.
    return pieces
      .map(cleanLink)
      .filter((link) => link !== '' || pieces.length > piecesMax)
      .map((link) => ({ kind: 'link', link }));
  });
}

function toSource(value: unknown): Source | undefined {
  if (value instanceof UploadedPart) return { kind: 'part', token: value.token, name: value.name };
  // Two links that are read as one would give the file of either.
  if (typeof value !== 'string' || /,\s*(?:https?|filetoken):/i.test(value)) return undefined;
  const link = cleanLink(value);
  return link === '' ? undefined : { kind: 'link', link };
}

function cleanLink(link: string): string {
  return link.trim().replace(/^cache:/i, '');
}
