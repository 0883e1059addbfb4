import type { DrawnPage, FileHandle, MadeDocument, RenderSettings } from '../engines/capabilities.ts';
import type { Tools } from './operation.ts';

type Drawn = DrawnPage & { readonly picture: FileHandle };

/**
 * A document with pictures in place of some of its pages (`pages` as text, from 0; empty for all), as large as these are shown. The
 * other pages stay what they are.
 */
export async function withPictures(
  document: FileHandle,
  pages: string,
  settings: RenderSettings,
  engine: Tools['engine'],
): Promise<MadeDocument> {
  const made = await engine('pdf.render', { document, pages, stem: 'page', settings });
  const drawn = made.pages.flatMap((page, at): Drawn[] => {
    const picture = made.files[at];
    return picture === undefined ? [] : [{ ...page, picture }];
  });
  const isAll = pages.trim() === '';
  const count = isAll ? drawn.length : (await engine('pdf.info', { document })).facts.pageCount;
  const parts = await partsOf(document, runsOf(drawn, count), engine);
  const [one] = parts.documents;
  const warnings = [...made.warnings, ...parts.warnings];
  if (one !== undefined && parts.documents.length === 1) return { file: one, pageCount: count, warnings };
  const merged = await engine('pdf.merge', { documents: parts.documents, outlines: 'join' });
  return { ...merged, warnings: [...warnings, ...merged.warnings] };
}

/** Pages next to each other that become pictures, or that stay: these as the first and the last, from 1. */
type Run = { readonly drawn: Drawn[] } | { readonly drawn: undefined; readonly first: number; last: number };

function runsOf(drawn: readonly Drawn[], count: number): Run[] {
  const byIndex = new Map(drawn.map((page) => [page.index, page]));
  const runs: Run[] = [];
  for (let index = 0; index < count; index++) {
    const page = byIndex.get(index);
    const run = runs.at(-1);
    if (page !== undefined && run?.drawn !== undefined) run.drawn.push(page);
    else if (page !== undefined) runs.push({ drawn: [page] });
    else if (run !== undefined && run.drawn === undefined) run.last = index + 1;
    else runs.push({ drawn: undefined, first: index + 1, last: index + 1 });
  }
  return runs;
}

/** A document of each run, in their order. */
async function partsOf(document: FileHandle, runs: readonly Run[], engine: Tools['engine']) {
  const ranges = runs.flatMap((run) => (run.drawn === undefined ? [`${run.first}-${run.last}`] : []));
  const kept =
    ranges.length === 0
      ? { files: [], warnings: [] }
      : await engine('pdf.split', { document, pages: ranges.join(), stem: 'pages' });
  const documents: FileHandle[] = [];
  const warnings = [...kept.warnings];
  const left = [...kept.files];
  for (const { drawn } of runs) {
    if (drawn === undefined) {
      documents.push(...left.splice(0, 1));
      continue;
    }
    const pictures = drawn.map(({ picture }) => picture);
    const made = await engine('pictures.to-pdf', { pictures, sizes: drawn });
    documents.push(made.file);
    warnings.push(...made.warnings);
  }
  return { documents, warnings };
}
