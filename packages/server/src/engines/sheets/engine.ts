import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BoxPool, BoxProgram } from '../../sandbox/sandbox.ts';
import { ask, calledAs, inOwnFolder } from '../answers.ts';
import type { Abilities, FileHandle } from '../capabilities.ts';
import type { Engine, EngineContext } from '../engine.ts';
import { readReply } from '../octavo/replies.ts';
import { probeIn } from '../probe.ts';
import { inputName, resultName, type SheetsRequest } from './messages.ts';

const mebibyte = 1024 * 1024;
/** No workbook that people use takes so long: what does is made for that. */
const readMsMax = 240_000;

/** The program that reads workbooks and tables, to be started by a Sandbox. A workbook is held whole, while what is made of it goes straight to its file. */
export function sheetsProgram(options: {
  readonly size: number;
  readonly memoryBytesMax?: number;
}): BoxProgram {
  return {
    name: 'sheets',
    entry: new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    beside: ['compound', 'zip', 'pictures', 'writing'].map(
      (folder) => new URL(`../${folder}/`, import.meta.url),
    ),
    packages: ['@e965/xlsx'],
    size: options.size,
    // Few calls come with workbooks.
    warm: 0,
    limits: {
      memoryBytesMax: options.memoryBytesMax ?? 768 * mebibyte,
      // A result, and sheets that are unpacked for it.
      fileBytesMax: 2048 * mebibyte,
      cpuMsMax: 10 * 60_000,
      openFilesMax: 256,
      callsMax: 1_000,
    },
  };
}

/** The engine of workbooks, over boxes of `sheetsProgram`. `directory`: on the file system of storage, for the probe. */
export function createSheetsEngine(pool: BoxPool, { directory }: { readonly directory: string }): Engine {
  return {
    name: 'sheets',
    abilities: {
      'sheets.read': (request, context) => read(pool, request, context),
      'sheets.from-csv': (request, context) => fromCsv(pool, request, context),
    },
    probe: () => probe(pool, directory),
  };
}

async function read(
  pool: BoxPool,
  { workbook, sheet, output }: Abilities['sheets.read']['takes'],
  context: EngineContext,
): Promise<Abilities['sheets.read']['gives']> {
  return askAbout(pool, { does: 'read', sheet, output, password: context.password }, workbook, context);
}

async function fromCsv(
  pool: BoxPool,
  { table }: Abilities['sheets.from-csv']['takes'],
  context: EngineContext,
): Promise<Abilities['sheets.from-csv']['gives']> {
  const { file, warnings } = await askAbout(pool, { does: 'from-csv' }, table, context);
  return { file, warnings };
}

/** Asks a box about a workbook or a table. Throws a Failure where it refuses. */
async function askAbout(
  pool: BoxPool,
  message: SheetsRequest,
  workbook: FileHandle,
  context: EngineContext,
): Promise<Abilities['sheets.read']['gives']> {
  const inputs = [{ path: workbook.path, as: inputName }];
  const { reply, made } = await ask(pool, message, inputs, inOwnFolder(context), readMsMax);
  return { ...readReply(reply, [workbook]), file: calledAs(made(resultName), workbook) };
}

/** Reads a table of one cell, in a form that goes through the library. */
function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const says = {
    ready: 'Reads workbooks.',
    wrong: 'It reads workbooks wrongly.',
    failed: 'It does not read workbooks',
  };
  return probeIn(directory, pool, says, async (context) => {
    const path = join(context.directory, 'a.html');
    const text = '<table><tr><td>a</td></tr></table>';
    await writeFile(path, text);
    const workbook = { path, name: 'a.html', sizeBytes: text.length };
    const output = { as: 'txt' } as const;
    const { file } = await read(pool, { workbook, sheet: '', output }, context);
    return (await readFile(file.path, 'utf8')) === 'a\r\n';
  });
}
