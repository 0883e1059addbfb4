import type { Abilities, AbilityName, FileHandle } from '../engines/capabilities.ts';
import {
  type Field,
  jobFields,
  type JobFields,
  type RawFields,
  readFields,
  type Source,
  type Values,
} from './fields.ts';

/** What an operation gives back. */
export interface Outcome {
  readonly file: FileHandle;
  readonly pageCount?: number;
  readonly warnings?: readonly string[];
}

/** All that an operation can reach. */
export interface Tools {
  /** Brings a source into the job's directory. Throws a Failure when it cannot be had. */
  fetch(source: Source): Promise<FileHandle>;
  /** Says how much of its work is done, from 0 to 1: for an operation that knows. */
  progress(fraction: number): void;
  /** Asks the first engine that has the ability. */
  engine<A extends AbilityName>(ability: A, request: Abilities[A]['takes']): Promise<Abilities[A]['gives']>;
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
  readonly expect: { readonly pageCount: number };
}

/** One URL of the wire contract that makes a job. */
export interface Operation {
  /** Without `/v1`: `/pdf/merge`. */
  readonly path: `/${string}`;
  readonly group: string;
  readonly title: string;
  readonly about: string;
  /** Extension of its result file, which gives the content type: `pdf`. */
  readonly makes: string;
  /** The same of one call, where calls differ. */
  makesOf(call: ParsedCall): string;
  readonly fields: Readonly<Record<string, Field<unknown>>>;
  readonly examples: readonly Example[];
  /** The sources of a parsed call, to be looked at before it is accepted. */
  sources(call: ParsedCall): readonly NamedSource[];
  /** Reads the fields of a request. Throws a Failure. */
  parse(fields: RawFields): ParsedCall;
  run(own: unknown, tools: Tools): Promise<Outcome>;
}

type Fields = Readonly<Record<string, Field<unknown>>>;

/** Makes an operation out of its one definition: fields, words, examples and handler. */
export function defineOperation<F extends Fields>(definition: {
  readonly path: `/${string}`;
  readonly group: string;
  readonly title: string;
  readonly about: string;
  readonly makes: string;
  readonly fields: F;
  readonly examples: readonly Example[];
  run(fields: Values<F>, tools: Tools): Promise<Outcome>;
}): Operation {
  const own = Object.entries(definition.fields);
  return {
    ...definition,
    makesOf: () => definition.makes,
    parse: (raw) => ({
      own: readFields(definition.fields, raw),
      job: readFields(jobFields, raw),
    }),
    sources: (call) =>
      own
        .filter(([, field]) => field.isSources)
        .flatMap(([name]) => (call.own as Record<string, Source | Source[]>)[name] ?? [])
        .map((source) => ({ source })),
    run: (values, tools) => definition.run(values as Values<F>, tools),
  };
}

/** Name of a result: the client's, without folders of either kind, with the extension `makes` that the result has. */
export function resultName(makes: string, asked: string): string {
  const last = asked.split(/[/\\]/).at(-1)?.trim() ?? '';
  if (last === '' || /^\.*$/.test(last)) return `result.${makes}`;
  return last.toLowerCase().endsWith(`.${makes}`) ? last : `${last}.${makes}`;
}
