import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import * as z from 'zod';
import { BoxDied, type BoxPool } from '../../sandbox/sandbox.ts';
import { inOwnFolder } from '../answers.ts';
import type { FileHandle, FoundTable, Hit } from '../capabilities.ts';
import type { Ability, EngineContext } from '../engine.ts';
import { askPages } from './ask.ts';
import { hitsMax, type FindRequest, type FindTablesRequest, type Part, resultName } from './messages.ts';
import { type Division, readInParts } from './parts.ts';
import { warningsOf } from './remarks.ts';

const bytesMax = 256 * 1024 * 1024;

const area = { left: z.number(), top: z.number(), width: z.number(), height: z.number() };
const pageIndex = z.int().nonnegative();
const hits: z.ZodType<Hit[]> = z.array(
  z.object({
    text: z.string(),
    ...area,
    pageIndex,
    elements: z.array(z.object({ text: z.string(), ...area })),
  }),
);
const tables: z.ZodType<FoundTable[]> = z.array(
  z.object({ ...area, pageIndex, columns: z.array(z.number()) }),
);

/** Finds text in boxes of `pool`. */
export function findBy(pool: BoxPool, division: Division): Ability<'pdf.find'> {
  return async ({ document, ...asked }, context) => {
    const request = { does: 'find', ...asked, password: context.password } as const;
    const { found, ...rest } = await findAll(pool, division, request, document, context, hits);
    return { hits: found, ...rest };
  };
}

/** Finds tables in boxes of `pool`. */
export function findTablesBy(pool: BoxPool, division: Division): Ability<'pdf.find-tables'> {
  return async ({ document, ...asked }, context) => {
    const request = { does: 'find-tables', ...asked, password: context.password } as const;
    const { found, ...rest } = await findAll(pool, division, request, document, context, tables);
    return { tables: found, ...rest };
  };
}

async function findAll<Found>(
  pool: BoxPool,
  division: Division,
  request: Omit<FindRequest, 'part'> | Omit<FindTablesRequest, 'part'>,
  document: FileHandle,
  context: EngineContext,
  shape: z.ZodType<Found[]>,
) {
  const read = async (part: Part, own: EngineContext) => {
    const { reply, made } = await askPages(pool, { ...request, part }, document, own);
    const file = made(resultName(part.from));
    const found = readFound(file, shape);
    await rm(file.path);
    return { ...reply, found };
  };
  const parts = await readInParts(read, division, inOwnFolder(context));
  const all = parts.flatMap(({ found }) => found);
  const warnings = warningsOf(parts.map(({ noticed }) => noticed));
  const isCut = all.length > hitsMax;
  return {
    found: all.slice(0, hitsMax),
    pageCount: parts[0].pageCount,
    warnings: isCut ? [...warnings, `Only the first ${hitsMax} places are told.`] : warnings,
  };
}

/** What a box wrote. Throws BoxDied where it makes no sense. */
function readFound<Found>({ path, sizeBytes }: FileHandle, shape: z.ZodType<Found[]>): Found[] {
  if (sizeBytes > bytesMax) throw new BoxDied('crash', 'It found too much.');
  try {
    return shape.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new BoxDied('crash', `What it found makes no sense: ${String(error).slice(0, 500)}`);
  }
}
