import { writeFileSync } from 'node:fs';
import type { Files } from '../../sandbox/child.ts';
import { Refused } from '../../sandbox/refusal.ts';
import type { FoundTable, Hit, SearchSettings } from '../capabilities.ts';
import { readPages } from './child-pages.ts';
import { PatternRefused } from './find/dotnet.ts';
import { type Pattern, patternOf } from './find/pattern.ts';
import { areaOf, searchPage } from './find/search.ts';
import { tablesOf } from './layout/layout.ts';
import {
  type FindRequest,
  type FindTablesRequest,
  hitsMax,
  type PagesReply,
  resultName,
} from './messages.ts';

/** Characters of hits that are kept. */
const textMax = 16 * 1024 * 1024;

/** Writes where text stands as JSON. Throws PdfError, and Refused also for a pattern that cannot be looked for. */
export async function find(request: FindRequest, files: Files, repairs: boolean): Promise<PagesReply> {
  const patterns = request.searches.map(readPattern);
  const { settings, part, perPageMax = hitsMax } = request;
  const hits: Hit[] = [];
  let length = 0;
  const reply = await readPages(request, files, repairs, (_, remarks) => ({
    page(page) {
      if (hits.length < hitsMax && length < textMax) {
        const found = searchPage(page, settings, patterns, Math.min(perPageMax, hitsMax - hits.length));
        for (const { text } of found) length += 2 * text.length;
        hits.push(...found);
      }
      if (hits.length >= hitsMax || length >= textMax)
        remarks.sentence(`Text was found in more places than the ${hitsMax} that are told.`);
    },
    end() {},
  }));
  writeFileSync(files.output(resultName(part.from)), JSON.stringify(hits));
  return reply;
}

function readPattern(search: SearchSettings): Pattern {
  try {
    return patternOf(search);
  } catch (error) {
    if (error instanceof PatternRefused) throw new Refused('search', error.message);
    throw error;
  }
}

/** Writes where tables are as JSON. Throws PdfError and Refused. */
export async function findTables(
  request: FindTablesRequest,
  files: Files,
  repairs: boolean,
): Promise<PagesReply> {
  const { settings, tables: asked, part } = request;
  const tables: FoundTable[] = [];
  const reply = await readPages(request, files, repairs, (_, remarks) => ({
    page(page) {
      for (const table of tablesOf(page, settings, asked)) {
        if (tables.length >= hitsMax)
          return remarks.sentence(`There are more tables than the ${hitsMax} that are told.`);
        const columns = table.grid.edges.slice(0, -1).map((edge) => Math.round(edge * 1_000) / 1_000);
        tables.push({ ...areaOf(table), pageIndex: page.index, columns });
      }
    },
    end() {},
  }));
  writeFileSync(files.output(resultName(part.from)), JSON.stringify(tables));
  return reply;
}
