import type { FileHandle } from '../engines/capabilities.ts';
import { Failure } from '../errors.ts';
import { type Source, sourcesMax } from './fields.ts';
import { type Outcome, stemOf, type StepTools, type Tools } from './operation.ts';
import { inputOf, isEarlier, type PlannedStep, planOf, type Registry, type Steps } from './steps.ts';

/** Each of thousands of files may have some, and all of them stand in the row of the job. */
const warningsMax = 200;

/** Runs them one after another. What a step read and gave is deleted when the next one has ended. */
export async function runSteps(steps: Steps, operations: Registry, tools: Tools): Promise<Outcome> {
  const warnings = [...steps.warnings];
  let outcome: Outcome = { files: [] };
  let done: readonly StepTools[] = [];
  const planned = planOf(steps, operations);
  for (const [index, step] of planned.entries()) {
    const progress = (fraction: number) => tools.progress((index + fraction) / planned.length);
    const using: StepTools[] = [];
    const open = (place: string) => {
      const opened = tools.step(place, step.call.job);
      using.push(opened);
      return opened;
    };
    const files = filesOf(outcome);
    outcome = step.each
      ? await runEach(step, files, { open, progress })
      : await runOnce(step, files, open(step.place));
    await Promise.all(done.map((one) => one.drop()));
    done = using;
    progress(1);
    const said = [...(step.call.warnings ?? []), ...(outcome.warnings ?? [])];
    warnings.push(...said.map((one) => `${step.place}: ${one}`));
  }
  return { ...outcome, warnings: warnings.slice(0, warningsMax) };
}

async function runEach(
  step: PlannedStep,
  files: readonly FileHandle[],
  { open, progress }: { readonly open: (place: string) => StepTools } & Pick<Tools, 'progress'>,
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  let count = 0;
  for (const [index, file] of files.entries()) {
    const tools = open(`${step.place}, file ${index + 1}`);
    const outcome = named(await runOnce(step, [file], { ...tools, stem: stemOf(file.name) }), file, step);
    assertBounded((count += filesOf(outcome).length));
    outcomes.push(outcome);
    progress(outcomes.length / files.length);
  }
  const pageCounts = outcomes.flatMap(({ pageCount }) => pageCount ?? []);
  return {
    ...(typeof step.shape.answers === 'object'
      ? { body: outcomes.map((outcome) => ('body' in outcome ? outcome.body : null)) }
      : { files: outcomes.flatMap(filesOf) }),
    ...(pageCounts.length > 0 && { pageCount: pageCounts.reduce((sum, one) => sum + one) }),
    warnings: outcomes.flatMap(({ warnings = [] }) => warnings),
  };
}

/** What is made of one of several files is called as that one. */
function named(outcome: Outcome, { name }: FileHandle, { shape }: PlannedStep): Outcome {
  if (!('file' in outcome)) return outcome;
  return { ...outcome, file: { ...outcome.file, name: `${stemOf(name)}.${shape.makes}` } };
}

/** With files in the place of the word that stands for them. */
async function runOnce(
  { operation, call }: PlannedStep,
  files: readonly FileHandle[],
  tools: Tools,
): Promise<Outcome> {
  const values = call.own as Readonly<Record<string, Source | readonly Source[] | undefined>>;
  const name = inputOf(operation)?.name ?? '';
  const given = values[name];
  if (given === undefined) return operation.run(values, tools);
  const earlier = new Map<Source, FileHandle>();
  for (const file of files) earlier.set({ kind: 'part', token: '', name: file.name }, file);
  const list = 'kind' in given ? [given] : given;
  const sources = list.flatMap((source) => (isEarlier(source) ? [...earlier.keys()] : [source]));
  assertBounded(sources.length);
  if (sources.length === 0) {
    const expected = 'at least one file, but the step before gives none';
    throw new Failure('fieldInvalid', { field: name, expected });
  }
  return operation.run(
    { ...values, [name]: 'kind' in given ? sources[0] : sources },
    {
      ...tools,
      fetch: async (source) => earlier.get(source) ?? tools.fetch(source),
      page: async (source) => {
        const html = earlier.get(source);
        return html === undefined ? tools.page(source) : { html };
      },
    },
  );
}

/** As many as a call may name, since each may be a run of the next step. */
function assertBounded(files: number): void {
  if (files <= sourcesMax) return;
  throw new Failure('documentTooComplex', { reason: `a step has more than ${sourcesMax} files` });
}

function filesOf(outcome: Outcome): readonly FileHandle[] {
  if ('file' in outcome) return [outcome.file];
  return 'files' in outcome ? outcome.files : [];
}
