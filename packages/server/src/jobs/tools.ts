import { mkdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AbilityName } from '../engines/capabilities.ts';
import type { Engine } from '../engines/engine.ts';
import { Failure } from '../errors.ts';
import { stemOf, type Tools } from '../operations/operation.ts';
import { idsText, type TemplateReader } from '../templates/templates.ts';
import type { Reporter } from './progress.ts';
import type { Claim } from './row.ts';
import { openSource } from './sealing.ts';
import type { Sources } from './sources.ts';

/** What one try at a job works with. */
export interface Try {
  readonly claim: Claim;
  /** Exists, and is this try's alone. */
  readonly directory: string;
  readonly msLeft: () => number;
  readonly signal: AbortSignal;
  readonly progress: Reporter;
  /** Told which part of the job it is at. */
  enter(place: string): void;
}

/** What tools are made of, for all jobs. */
export interface ToolParts {
  readonly sources: Sources;
  readonly engines: readonly Engine[];
  readonly templates: TemplateReader;
}

/** The tools that an operation gets: bound to one try, so that it has nothing to say about where things are. */
export function toolsOf(one: Try, parts: ToolParts): Tools {
  const { sources, engines, templates } = parts;
  const { job, call } = one.claim;
  const { httpusername: username, httppassword: password, sealing } = call.job;
  let fetched = 0;
  let steps = 0;
  const tools: Tools = {
    stem: stemOf(job.resultName),
    progress: one.progress.worked,
    can: (ability) => engines.some(({ abilities }) => abilities[ability] !== undefined),
    async fetch(source) {
      one.progress.fetching();
      const fetchedFile = await sources.fetch(source, {
        tenant: job.tenant,
        needs: one.claim.needs,
        directory: one.directory,
        number: ++fetched,
        username,
        password,
        signal: one.signal,
      });
      const decryption = sealing?.decryption;
      const file = decryption ? await openSource(fetchedFile, decryption, one.signal) : fetchedFile;
      one.progress.fetched();
      return file;
    },
    async template(kind, id) {
      const found = await templates.find(kind, id, job.tenant);
      if (found === null)
        throw new Failure('templateUnknown', { ids: idsText(await templates.list(kind, job.tenant)) });
      const path = join(one.directory, `template-${kind}-${id}`);
      await writeFile(path, found.body, { mode: 0o600 });
      return { path, name: `${found.title}.${kind}`, sizeBytes: Buffer.byteLength(found.body) };
    },
    async page(source) {
      // What is encrypted has to be read here.
      const link = sealing?.decryption ? null : sources.linkOf(source);
      return link === null ? { html: await tools.fetch(source) } : { link, username, password };
    },
    async engine(ability, request) {
      const engine = engines.find(({ abilities }) => abilities[ability] !== undefined);
      const run = engine?.abilities[ability];
      if (run === undefined) throw new Failure('abilityMissing', { what: whyNot(ability, engines) });
      one.progress.working();
      return run(request, {
        password: call.job.password,
        directory: one.directory,
        wallMsMax: one.msLeft(),
        signal: one.signal,
      });
    },
    step(place, fields) {
      one.enter(place);
      const directory = join(one.directory, `step-${++steps}`);
      mkdirSync(directory, { mode: 0o700 });
      const claim = { ...one.claim, call: { ...call, job: fields } };
      return {
        ...toolsOf({ ...one, claim, directory }, parts),
        // Only the whole knows what a step is of it.
        progress: () => {},
        drop: () => rm(directory, { recursive: true, force: true }),
      };
    },
  };
  return tools;
}

function whyNot(ability: AbilityName, engines: readonly Engine[]): string {
  const lacking = engines.find(({ absent }) => absent?.lacks.includes(ability));
  return lacking?.absent?.why ?? `no engine has the ability ${ability}`;
}
