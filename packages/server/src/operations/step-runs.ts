import type { FileHandle } from '../engines/capabilities.ts';
import { Failure } from '../errors.ts';
import { type Source, sourcesMax } from './fields.ts';
import type { Operation, Outcome, StepTools, Tools } from './operation.ts';
import { inputOf, isEarlier, operationOf, placeOf, type Registry, type Step, type Steps } from './steps.ts';

/** Runs them one after another. What a step read and gave is deleted when the next one has ended. */
export async function runSteps(
  { steps, warnings: ignored }: Steps,
  operations: Registry,
  tools: Tools,
): Promise<Outcome> {
  const warnings = [...ignored];
  let files: readonly FileHandle[] = [];
  let outcomes: readonly Outcome[] = [];
  let done: readonly StepTools[] = [];
  for (const [index, step] of steps.entries()) {
    const place = placeOf(index, step.operation);
    const ran = await runStep(step, place, files, operations, tools);
    await Promise.all(done.map((one) => one.drop()));
    tools.progress((index + 1) / steps.length);
    ({ outcomes, used: done } = ran);
    files = outcomes.flatMap(filesOf);
    assertBounded(files.length);
    for (const { warnings: said = [] } of outcomes) warnings.push(...said.map((one) => `${place}: ${one}`));
  }
  return { ...together(outcomes), warnings };
}

/** Once, or for each of the files where it takes only one. */
async function runStep(
  { operation: path, call }: Step,
  place: string,
  files: readonly FileHandle[],
  operations: Registry,
  tools: Tools,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly used: readonly StepTools[] }> {
  const operation = operationOf(path, operations);
  const runs = runsOf(operation, call.own, files);
  const used: StepTools[] = [];
  const outcomes: Outcome[] = [];
  for (const [number, { own, earlier }] of runs.entries()) {
    const step = tools.step(runs.length === 1 ? place : `${place}, file ${number + 1}`, call.job);
    used.push(step);
    const fetch = async (source: Source) => earlier.get(source) ?? step.fetch(source);
    outcomes.push(await operation.run(own, { ...step, fetch }));
  }
  return { outcomes, used };
}

interface Run {
  readonly own: unknown;
  /** The files that some of its sources stand for. */
  readonly earlier: ReadonlyMap<Source, FileHandle>;
}

/** Where an operation takes one document and gets several, there is a run for each. */
function runsOf(operation: Operation, own: unknown, files: readonly FileHandle[]): Run[] {
  const values = own as Readonly<Record<string, Source | readonly Source[] | undefined>>;
  const name = inputOf(operation)?.name ?? '';
  const given = values[name];
  if (given === undefined || files.length === 0) return [{ own, earlier: new Map() }];
  const earlier = new Map<Source, FileHandle>();
  for (const file of files) earlier.set({ kind: 'part', token: '', name: file.name }, file);
  const standIns = [...earlier.keys()];
  const runWith = (value: Source | readonly Source[]): Run => ({
    own: { ...values, [name]: value },
    earlier,
  });
  if ('kind' in given) return isEarlier(given) ? standIns.map(runWith) : [runWith(given)];
  const sources = given.flatMap((source) => (isEarlier(source) ? standIns : [source]));
  assertBounded(sources.length);
  return [runWith(sources)];
}

function assertBounded(files: number): void {
  if (files <= sourcesMax) return;
  throw new Failure('documentTooComplex', { reason: `a step has more than ${sourcesMax} files` });
}

function filesOf({ file }: Outcome): FileHandle[] {
  return [file];
}

/** What a step gives that was run for each of several files. */
function together(outcomes: readonly Outcome[]): Outcome {
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('a pipeline has a step');
  return outcome;
}
