import type { Abilities, AbilityName, FileHandle } from '../engines/capabilities.ts';
import type { JobFields, RawFields, Source } from './fields.ts';

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
  /** Asks the first engine that has the ability. */
  engine<A extends AbilityName>(ability: A, request: Abilities[A]['takes']): Promise<Abilities[A]['gives']>;
}

/** A call of an operation after its only validation. Plain JSON: it is kept in the job's row. */
export interface ParsedCall {
  readonly own: unknown;
  readonly job: JobFields;
}

/** One URL of the wire contract that makes a job. */
export interface Operation {
  /** Without `/v1`: `/pdf/merge`. */
  readonly path: string;
  readonly group: string;
  readonly title: string;
  readonly about: string;
  /** Extension of its result file, which gives the content type: `pdf`. */
  readonly makes: string;
  /** Reads the fields of a request. Throws a Failure. */
  parse(fields: RawFields): ParsedCall;
  run(own: unknown, tools: Tools): Promise<Outcome>;
}
