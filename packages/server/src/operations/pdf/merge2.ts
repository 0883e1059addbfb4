import type { FileHandle } from '../../engines/capabilities.ts';
import { field } from '../fields.ts';
import { defineOperation } from '../operation.ts';

export default defineOperation({
  path: '/pdf/merge2',
  group: 'Merge and split',
  title: 'Merge PDFs, pictures and ZIP archives of them',
  about:
    'Joins PDFs and pictures (JPEG, PNG, TIFF, GIF, WebP, BMP) into one PDF, in the order given. A picture becomes a page of its size, a TIFF as many as it has; of a ZIP archive all files are taken, in its order. Kinds are told by the first bytes, not by the name.',
  makes: 'pdf',
  fields: {
    url: field.sources('Links to the files, separated by commas; or file parts named `file` or `file[]`.'),
  },
  examples: [
    {
      title: 'A PDF, a picture and an archive',
      request: { url: 'sample:two-pages.pdf,sample:picture.png,sample:archive.zip', name: 'result.pdf' },
      expect: { pageCount: 5 },
    },
  ],
  async run({ url }, { fetch, engine }) {
    const sources = await Promise.all(url.map(fetch));
    const { files } = await engine('files.unpack', { files: sources });
    const documents: FileHandle[] = [];
    const warnings: string[] = [];
    for (const run of runsOf(files)) {
      const handles = run.map(({ file }) => file);
      if (run[0]?.kind === 'pdf') documents.push(...handles);
      else {
        const made = await engine('pictures.to-pdf', { pictures: handles });
        documents.push(made.file);
        warnings.push(...made.warnings);
      }
    }
    const merged = await engine('pdf.merge', { documents, outlines: 'join' });
    return { ...merged, warnings: [...warnings, ...merged.warnings] };
  },
});

/** Neighbours of one kind together. */
function runsOf<File extends { readonly kind: string }>(files: readonly File[]): File[][] {
  const runs: File[][] = [];
  for (const file of files) {
    const run = runs.at(-1);
    if (run?.[0]?.kind === file.kind) run.push(file);
    else runs.push([file]);
  }
  return runs;
}
