import type { Abilities, AbilityName, FileHandle, WebPage } from '../engines/capabilities.ts';
import { type Field, type RawFields, readFields, type Source, type Values } from './fields.ts';
import { type JobFields, readJobFields } from './job-fields.ts';
import { namesOf, openProfiles, readKeys, unknownKeys } from './profiles.ts';

/** What an operation gives back: a file, several, or a JSON value. */
export type Outcome = (
  | { readonly file: FileHandle }
  /** Their names are those that their links show. */
  | { readonly files: readonly FileHandle[] }
  | { readonly body: unknown }
) & {
  readonly pageCount?: number;
  readonly warnings?: readonly string[];
  /** What else is to be said of the result, as members of the answer. */
  readonly says?: Readonly<Record<string, string | number | boolean>>;
};

/**
 * Where an answer has the result: `url` is a link to a file; `urls` are links to several, and the one result that is stored is the
 * JSON list of them; `{ member }` is the result itself, which stands in the answer under that name: as a JSON value where that is what
 * the operation makes, else as text; or as a data URI, where it says of which type.
 */
export type Answers = 'url' | 'urls' | { readonly member: string; readonly dataUri?: string };

/** All that an operation can reach. */
export interface Tools {
  /** What the result is called, without an extension: the beginning of the names of several files. Hostile text. */
  readonly stem: string;
  /** Brings a source into the job's directory. Throws a Failure when it cannot be had. */
  fetch(source: Source): Promise<FileHandle>;
  /**
   * A stored template, as it is now and not as it was when the job was accepted, in the job's directory. Throws the Failure
   * `templateUnknown`.
   */
  template(kind: 'html', id: number): Promise<FileHandle>;
  /** A source as a page of the web: a file where it is one of ours or came with the call, else the link, which a browser opens. Throws as `fetch`. */
  page(source: Source): Promise<WebPage>;
  /** Says how much of its work is done, from 0 to 1: for an operation that knows. */
  progress(fraction: number): void;
  /** Asks the first engine that has the ability. */
  engine<A extends AbilityName>(ability: A, request: Abilities[A]['takes']): Promise<Abilities[A]['gives']>;
  /** Whether there is an engine for it: for an operation that can do without. */
  can(ability: AbilityName): boolean;
  /** The same for a part of the job: in a directory of its own, with these fields. A failure of it begins with its `place`. */
  step(place: string, job: JobFields): StepTools;
}

/** Tools of a part of a job. */
export interface StepTools extends Tools {
  /** Deletes its files. */
  drop(): Promise<void>;
}

/** A call of an operation after its only validation. Plain JSON: it is kept in the job's row. */
export interface ParsedCall {
  readonly own: unknown;
  readonly job: JobFields;
  /** What of it is ignored; absent in rows of an earlier version. */
  readonly warnings?: readonly string[];
}

/** A source of a call, and the part of the call that names it, where it has parts. */
export interface NamedSource {
  readonly source: Source;
  readonly place?: string;
}

/** A request that shows the operation, and what must come of it; the example tests run each. */
export interface Example {
  readonly title: string;
  /** Field values; `sample:<name>` in a link stands for a document that the test makes. */
  readonly request: Readonly<Record<string, string>>;
  /** Members of the answer. */
  readonly expect: Readonly<Record<string, unknown>>;
}

/** What a result is, and where an answer has it. */
export interface ResultShape {
  /** Extension of it, or of each of its files, which gives the content type: `pdf`. */
  readonly makes: string;
  readonly answers: Answers;
}

/** One URL of the wire contract that makes a job. */
export interface Operation extends ResultShape {
  /** Without `/v1`: `/pdf/merge`. */
  readonly path: `/${string}`;
  /** Other paths that mean the same. */
  readonly alsoAt?: readonly `/${string}`[];
  readonly group: string;
  readonly title: string;
  readonly about: string;
  /** How the result of one call is answered; calls may differ from `answers`. */
  shapeOf(call: ParsedCall): ResultShape;
  readonly fields: Readonly<Record<string, Field<unknown>>>;
  /** Keys of its field `profiles`, which are fields too. */
  readonly profiles: Readonly<Record<string, Field<unknown>>>;
  readonly examples: readonly Example[];
  /** The sources of a parsed call, to be looked at before it is accepted. */
  sources(call: ParsedCall): readonly NamedSource[];
  /** Reads the fields of a request. Throws a Failure. */
  parse(fields: RawFields): ParsedCall;
  run(own: unknown, tools: Tools): Promise<Outcome>;
}

type Fields = Readonly<Record<string, Field<unknown>>>;

/** Makes an operation out of its one definition: fields, words, examples and handler. */
export function defineOperation<F extends Fields, P extends Fields = Record<never, never>>(definition: {
  readonly path: `/${string}`;
  readonly alsoAt?: readonly `/${string}`[];
  readonly group: string;
  readonly title: string;
  readonly about: string;
  readonly makes: string;
  /** `url` where nothing is said; a function where it depends on the call. */
  readonly answers?: Answers | ((fields: Values<F>) => Answers);
  readonly fields: F;
  /** Keys that it knows in `profiles`: they match in any letter case, and what does not fit is `profilesInvalid`. */
  readonly profiles?: P;
  readonly examples: readonly Example[];
  run(fields: Values<F> & { readonly profiles: Values<P> }, tools: Tools): Promise<Outcome>;
}): Operation {
  const own = Object.entries(definition.fields);
  const { makes, answers = 'url', fields } = definition;
  const profiles: Fields = definition.profiles ?? {};
  const takesKeys = definition.profiles !== undefined;
  const isSame = typeof answers !== 'function';
  return {
    ...definition,
    profiles,
    answers: isSame ? answers : 'url',
    shapeOf: (call) => ({ makes, answers: isSame ? answers : answers(call.own as Values<F>) }),
    parse(request) {
      const opened = openProfiles(request, fields);
      const { raw, keys } = opened;
      return {
        own: { ...readFields(fields, raw), ...(takesKeys && { profiles: readKeys(profiles, keys) }) },
        job: readJobFields(opened),
        warnings: unknownKeys(namesOf(profiles), keys),
      };
    },
    sources: (call) =>
      own
        .filter(([, field]) => field.isSources)
        .flatMap(([name]) => (call.own as Record<string, Source | Source[]>)[name] ?? [])
        .map((source) => ({ source })),
    run: (values, tools) => definition.run(values as Values<F> & { readonly profiles: Values<P> }, tools),
  };
}

/** Extensions that mean the same as ours. */
const sameExtensions: Readonly<Record<string, readonly string[]>> = { jpg: ['jpeg'], tif: ['tiff'] };

/** Name of a result: the client's, without folders of either kind, with an extension of what the result is. */
export function resultName({ makes, answers }: ResultShape, asked: string): string {
  const last = asked.split(/[/\\]/).at(-1)?.trim() ?? '';
  if (last === '' || /^\.*$/.test(last)) return `result.${answers === 'urls' ? 'json' : makes}`;
  const extensions = [makes, ...(sameExtensions[makes] ?? [])];
  const has = extensions.some((extension) => last.toLowerCase().endsWith(`.${extension}`));
  if (answers === 'urls') return `${has ? stemOf(last) : last}.json`;
  return has ? last : `${last}.${makes}`;
}

/** What a result is called without its extension, see `Tools.stem`; and the name of several files together, as answers tell it. */
export function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
