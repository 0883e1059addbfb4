import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Database } from '../../src/database/database.ts';
import { migrate, secret } from '../../src/database/migrate.ts';
import type { Engine, EngineContext } from '../../src/engines/engine.ts';
import type { Job } from '../../src/jobs/job.ts';
import { createJobs, type Jobs, type JobsOptions } from '../../src/jobs/jobs.ts';
import { createLinks, type Links } from '../../src/links/links.ts';
import type { Source } from '../../src/operations/fields.ts';
import type { JobFields } from '../../src/operations/job-fields.ts';
import type { Operation, Tools } from '../../src/operations/operation.ts';
import { createLog, type LogFields } from '../../src/platform/log.ts';
import { createFileStorage } from '../../src/storage/file.ts';
import { createTemplates } from '../../src/templates/templates.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** The text of a job that says so of itself before its engine begins. */
export const halfDone = 'half done';

/** What an engine of a test does, by the name that the job's call gives. */
export type Acts = Record<string, (context: EngineContext, text: string) => Promise<string>>;

/** A server without its edge. */
export interface World extends AsyncDisposable {
  readonly jobs: Jobs;
  readonly storage: Storage;
  readonly links: Links;
  readonly database: Database;
  /** Lines of the log, as fields. */
  readonly lines: readonly (LogFields & { readonly event: string })[];
  /** Accepts a job whose engine does what the act of this name does. */
  accept(
    act: string,
    more?: {
      tenant?: number;
      text?: string;
      resultName?: string;
      expiration?: number;
      callback?: string;
    },
  ): Promise<Job>;
  /** Waits for the end of a job. */
  end(job: Job): Promise<Job>;
  /** The bytes of a result. */
  read(job: Job): Promise<string>;
}

const fields: JobFields = {
  async: true,
  name: '',
  password: 'secret password',
  expiration: 60,
  callback: '',
  httpusername: '',
  httppassword: '',
};

/** Starts jobs on a database, with files in a directory. The operation `/act` is a real one: its engine writes a file. */
export async function startWorld(
  database: Database,
  directory: string,
  acts: Acts,
  more: Partial<JobsOptions> = {},
): Promise<World> {
  await migrate(database);
  const links = createLinks(await secret(database));
  const storage = await createFileStorage({ directory: join(directory, 'files') });
  const lines: (LogFields & { event: string })[] = [];
  const keep = (line: string) => lines.push(JSON.parse(line));
  const jobs = await createJobs({
    role: 'all',
    database,
    storage,
    links,
    operations: new Map([
      ['/act', operation('/act', actOnce)],
      ['/copy', operation('/copy', copyOnce)],
      [
        '/template',
        operation('/template', async (own, tools) => ({ file: await tools.template('html', own as number) })),
      ],
    ]),
    engines: [{ name: 'idle', abilities: {}, probe: async () => ({ ready: true, says: '' }) }, engine(acts)],
    templates: createTemplates(database),
    download: () => Promise.reject(new Error('nothing is fetched from outside')),
    fetch: () => Promise.reject(new Error('nothing is fetched from outside')),
    post: () => Promise.reject(new Error('nothing is sent outside')),
    clock: { now: () => Date.now() },
    log: createLog({ level: 'debug', format: 'json', write: keep, now: () => 0 }),
    directory: join(directory, 'jobs'),
    concurrency: 4,
    waitingMax: 1_000,
    wallMsMax: 60_000,
    ...more,
  });
  return {
    [Symbol.asyncDispose]: () => jobs.stop(0),
    jobs,
    storage,
    links,
    database,
    lines,
    accept: (
      act,
      { tenant = 0, text = 'done', resultName = 'result.txt', expiration = 60, callback = '' } = {},
    ) =>
      jobs.queue.accept({
        tenant,
        operation: '/act',
        call: { own: { act, text }, job: { ...fields, expiration, callback } },
        resultName,
        needs: [],
        base: 'http://octavo.example',
      }),
    async end(job) {
      const ended = await jobs.queue.waitForEnd(job.id, 60_000, new AbortController().signal);
      if (ended === null) throw new Error('the job is gone');
      return ended;
    },
    async read(job) {
      const key = (await jobs.queue.find(job.tenant, job.id))?.outcome?.storageKey;
      const bytes = key === undefined ? null : await storage.read(key);
      return bytes === null ? '' : (await bytes.toArray()).join('');
    },
  };
}

/** A file with the text, as the result of an act. */
export async function write(context: EngineContext, text: string): Promise<string> {
  const path = join(context.directory, 'result.txt');
  await writeFile(path, text);
  return path;
}

/** A call of `/copy`, whose result is its source. */
export function copyOf(source: Source): {
  operation: string;
  call: { own: Source; job: JobFields };
  resultName: string;
  needs: string[];
  base: string;
} {
  return {
    operation: '/copy',
    call: { own: source, job: fields },
    resultName: 'copy.txt',
    needs: [],
    base: '',
  };
}

/** A call of `/template`, whose result is the stored template of the number. */
export function templateOf(id: number) {
  return {
    operation: '/template',
    call: { own: id, job: fields },
    resultName: 'template.html',
    needs: [],
    base: '',
  };
}

function operation(path: `/${string}`, run: Operation['run']): Operation {
  return {
    path,
    group: '',
    title: '',
    about: '',
    makes: 'txt',
    answers: 'url',
    shapeOf: () => ({ makes: 'txt', answers: 'url' }),
    fields: {},
    profiles: {},
    examples: [],
    sources: () => [],
    parse: () => ({ own: null, job: fields }),
    run,
  };
}

/** The only ability that there is carries the act in the names of two documents. */
async function actOnce(own: unknown, tools: Tools) {
  const { act, text } = own as { act: string; text: string };
  if (text === halfDone) tools.progress(0.5);
  const document = (name: string) => ({ name, path: '', sizeBytes: 0 });
  const { file } = await tools.engine('pdf.merge', {
    documents: [document(act), document(text)],
    outlines: 'join',
  });
  return { file, pageCount: 3, warnings: ['a warning'] };
}

async function copyOnce(own: unknown, tools: Tools) {
  return { file: await tools.fetch(own as Source) };
}

function engine(acts: Acts): Engine {
  return {
    name: 'test',
    probe: async () => ({ ready: true, says: '' }),
    abilities: {
      async 'pdf.merge'({ documents: [act, text] }, context) {
        const path = await (acts[act?.name ?? ''] as Acts[string])(context, text?.name ?? '');
        return { file: { path, name: 'result.txt', sizeBytes: 0 }, pageCount: 3, warnings: [] };
      },
    },
  };
}

/** A place where jobs wait until the test opens it. */
export function gate(): { reached: Promise<void>; reach(): void; opened: Promise<void>; open(): void } {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return { reached: reached.promise, reach: reached.resolve, opened: opened.promise, open: opened.resolve };
}
