import { Failure } from '../errors.ts';
import { FieldList, readMembers } from './field-list.ts';
import { type RawFields, type RawValue, type Source, sourcesMax } from './fields.ts';
import type { JobFields } from './job-fields.ts';
import { keyOf } from './profile-keys.ts';
import { namesOf, type Opened, openProfiles, unknownKeys } from './profiles.ts';
import type { NamedSource, Operation, ParsedCall, ResultShape } from './operation.ts';

/** Steps of one pipeline. */
export const stepsMax = 20;
/** In the sources of a step, what the step before gives. */
const earlier = 'result';
/** What a step may say otherwise than the pipeline, for what it reads itself; what belongs together comes from one of them. */
const ownFields = [['password'], ['httpusername', 'httppassword'], ['profiles']] as const;
/** What only the whole job has. */
const wholeFields = ['async', 'callback', 'expiration', 'name'] as const;
/** The same of `profiles`. */
const wholeKeys = [
  'DataEncryptionAlgorithm',
  'DataEncryptionKey',
  'DataEncryptionIV',
  'outputDataFormat',
] as const;

/** One operation of a pipeline, as the row of the job keeps it. */
export interface Step {
  /** Its path. */
  readonly operation: string;
  readonly call: ParsedCall;
}
export interface Steps {
  readonly steps: readonly Step[];
  /** What of them is ignored. */
  readonly warnings: readonly string[];
}
export type Registry = ReadonlyMap<string, Operation>;

/** The call of the pipeline. */
interface Whole extends Opened {
  readonly job: JobFields;
  readonly operations: Registry;
}
type StepFields = Map<string, readonly RawValue[]>;

/** Reads steps as if each had been called alone. Throws the failure of the first that does not fit, which names it. */
export function readSteps(objects: readonly object[], whole: Whole): Steps {
  const warnings: string[] = [];
  /** Of steps that have the profile of the pipeline: what none of them knows, nobody knows. */
  const unknownHere: (readonly string[])[] = [];
  const steps = objects.map((object, index): Step => {
    let place = `Step ${index + 1}`;
    try {
      const list = new FieldList();
      readMembers(object, list);
      const operation = namedBy(list.all().get('operation')?.[0], whole.operations);
      place = placeOf(index, operation.path);
      const opened = openProfiles(list.all(), operation.fields);
      const raw = new Map(opened.raw);
      const ignored = [
        ...wholeFields.filter((name) => raw.has(name)),
        ...wholeKeys.filter((name) => opened.keys.has(keyOf(name))),
      ];
      if (ignored.length > 0) warnings.push(`${place}: only the whole pipeline has ${ignored.join(', ')}.`);
      const call = readStep(operation, raw, index, whole);
      if (raw.get('profiles') !== whole.raw.get('profiles')) return { operation: operation.path, call };
      const { warnings: unknown = [], ...rest } = call;
      unknownHere.push(unknown);
      return { operation: operation.path, call: rest };
    } catch (error) {
      throw error instanceof Failure ? error.within(place) : error;
    }
  });
  const unknown = unknownKeys(namesOf({}), whole.keys).filter((line) =>
    unknownHere.every((some) => some.includes(line)),
  );
  const read = { steps, warnings: [...unknown, ...warnings] };
  const value = planOf(read, whole.operations)
    .slice(0, -1)
    .find(({ shape }) => typeof shape.answers === 'object');
  if (value !== undefined) {
    const expected = 'one that makes files, as only the last step can answer with a value';
    throw new Failure('fieldInvalid', { field: 'operation', expected }).within(value.place);
  }
  if (sourcesOf(read, whole.operations).length > sourcesMax) {
    const expected = `steps with at most ${sourcesMax} sources together`;
    throw new Failure('fieldInvalid', { field: 'steps', expected });
  }
  return read;
}

/** A step as it is to be run. */
export interface PlannedStep {
  readonly operation: Operation;
  readonly call: ParsedCall;
  /** What it is called in failures and warnings. */
  readonly place: string;
  /** It takes one document, and the step before gives several: then it is run for each, and gives several too. */
  readonly each: boolean;
  readonly shape: ResultShape;
}

/** Known before anything is run: what gives several files does so also where they are one. */
export function planOf({ steps }: Pick<Steps, 'steps'>, operations: Registry): PlannedStep[] {
  let several = false;
  return steps.map(({ operation: path, call }, index) => {
    const operation = operations.get(path);
    if (operation === undefined) throw new Error(`there is no operation ${path}`);
    const { makes, answers } = operation.shapeOf(call);
    const each = several && takesOne(operation, call.own);
    several = each || answers === 'urls';
    const shape: ResultShape = { makes, answers: each && answers === 'url' ? 'urls' : answers };
    return { operation, call, place: placeOf(index, path), each, shape };
  });
}

function takesOne(operation: Operation, own: unknown): boolean {
  const values = own as Readonly<Record<string, Source | readonly Source[]>>;
  const given = values[inputOf(operation)?.name ?? ''];
  return given !== undefined && 'kind' in given && isEarlier(given);
}

function namedBy(value: RawValue | undefined, operations: Registry): Operation {
  const expected = `one of ${[...operations.keys()].map((path) => path.slice(1)).join(', ')}`;
  if (value === undefined) throw new Failure('fieldMissing', { field: 'operation', expected });
  const name = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const operation = operations.get(`/${name.replace(/^\/?(?:v1\/)?/, '')}`);
  if (operation === undefined) throw new Failure('fieldInvalid', { field: 'operation', expected });
  return operation;
}

function readStep(
  operation: Operation,
  raw: StepFields,
  index: number,
  { raw: whole, job }: Whole,
): ParsedCall {
  const input = inputOf(operation);
  for (const name of wholeFields) raw.delete(name);
  for (const names of ownFields) {
    if (names.some((name) => raw.has(name))) continue;
    for (const name of names) raw.set(name, whole.get(name) ?? []);
  }
  if (index === 0) takeSources(raw, whole, input);
  else if (input !== undefined && !isGiven(input, raw)) raw.set(input.name, [earlier]);
  const call = operation.parse(raw);
  if (operation.sources(call).some(({ source }) => isEarlier(source)) !== index > 0) {
    const expected =
      index === 0
        ? 'links or files: no step comes before'
        : 'left out, or with the word "result" where it takes what the step before gives';
    throw new Failure('fieldInvalid', { field: input?.name ?? 'url', expected });
  }
  const { password, httpusername, httppassword, sealing } = call.job;
  const { sealing: _, ...shared } = job;
  const decryption = sealing?.decryption;
  return {
    ...call,
    job: {
      ...shared,
      password,
      httpusername,
      httppassword,
      ...(decryption && { sealing: { decryption } }),
    },
  };
}

/** Those of the pipeline may be its parts, and files that were texts. */
function takeSources(raw: StepFields, whole: RawFields, input: InputField | undefined): void {
  const given = ['url', 'file'].flatMap((name) => whole.get(name) ?? []);
  if (given.length === 0) return;
  if (input === undefined || isGiven(input, raw)) {
    const expected = 'given once, for the pipeline or in its first step';
    throw new Failure('fieldInvalid', { field: 'url', expected });
  }
  raw.set(input.name, given);
}

function isGiven({ names }: InputField, raw: RawFields): boolean {
  return names.some((name) => raw.has(name));
}

/** The field of an operation that takes documents. */
export interface InputField {
  readonly name: string;
  /** By which its values come. */
  readonly names: readonly string[];
}

/** Undefined where an operation takes none. */
export function inputOf({ fields }: Operation): InputField | undefined {
  const [name, one] = Object.entries(fields).find(([, { isSources }]) => isSources) ?? [];
  if (name === undefined || one === undefined) return undefined;
  return { name, names: [name, ...one.alsoNamed].map((other) => other.toLowerCase()) };
}

/** Whether it stands for what the step before gives. */
export function isEarlier(source: Source): boolean {
  return source.kind === 'link' && source.link.toLowerCase() === earlier;
}

/** Sources from outside, to be looked at before the pipeline is accepted. */
export function sourcesOf(steps: Steps, operations: Registry): NamedSource[] {
  return planOf(steps, operations).flatMap(({ operation, call, place }) =>
    operation
      .sources(call)
      .filter(({ source }) => !isEarlier(source))
      .map(({ source }) => ({ source, place })),
  );
}

function placeOf(index: number, path: string): string {
  return `Step ${index + 1} (${path.slice(1)})`;
}
