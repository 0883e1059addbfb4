import { field, readField } from './fields.ts';
import { readJobFields } from './job-fields.ts';
import type { Operation, ParsedCall } from './operation.ts';
import { openProfiles } from './profiles.ts';
import { runSteps } from './step-runs.ts';
import { planOf, readSteps, sourcesOf, type Steps, stepsMax } from './steps.ts';

/** Runs several of these operations one after another, as one job: see docs/pipeline.md. */
export function pipelineOf(operations: ReadonlyMap<string, Operation>): Operation {
  const stepsOf = (call: ParsedCall) => call.own as Steps;
  const operation = { type: 'string', enum: [...operations.keys()].map((path) => path.slice(1)) };
  const fields = {
    steps: field.objects(
      'What is to be done, in order: a JSON list of objects, each with an `operation`, as `pdf/merge`, and its own fields. The first takes its own `url` or that of the pipeline, every other one the result of the step before; where it has a `url`, the word `result` stands for that in it.',
      stepsMax,
      { properties: { operation }, required: ['operation'] },
    ),
    url: { ...field.sources('Sources of the first step, where it names none.'), required: false },
  };
  return {
    path: '/pipeline',
    group: 'Pipeline',
    title: 'Several operations as one job',
    about:
      'Runs operations one after another, each on the result of the one before. The answer is that of the last; a failure names its step.',
    makes: 'pdf',
    answers: 'url',
    shapeOf: (call) => planOf(stepsOf(call), operations).at(-1)?.shape ?? { makes: 'pdf', answers: 'url' },
    fields,
    profiles: {},
    examples: [
      {
        title: 'Merge two files, turn the first page of the result and protect it',
        request: {
          url: 'sample:two-pages.pdf,sample:one-page.pdf',
          steps:
            '[{"operation":"pdf/merge"},{"operation":"pdf/edit/rotate","angle":90,"pages":"0"},{"operation":"pdf/security/add","ownerPassword":"12345"}]',
        },
        expect: { pageCount: 3 },
      },
      {
        title: 'Turn each page into a file of its own, lying on its side',
        request: {
          url: 'sample:two-pages.pdf',
          steps: '[{"operation":"pdf/split","pages":"*"},{"operation":"pdf/edit/rotate","angle":90}]',
          name: 'page.pdf',
        },
        expect: { pageCount: 2, name: 'page.pdf' },
      },
    ],
    parse(request) {
      const opened = openProfiles(request, fields);
      const job = readJobFields(opened);
      const steps = readField('steps', fields.steps, opened.raw);
      return { own: readSteps(steps, { ...opened, job, operations }), job };
    },
    sources: (call) => sourcesOf(stepsOf(call), operations),
    run: (own, tools) => runSteps(own as Steps, operations, tools),
  };
}
