import { field } from '../fields.ts';
import { intoPdf } from '../into-pdf.ts';
import { defineOperation } from '../operation.ts';
import { printSettings } from '../printing.ts';

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
  async run({ url }, { fetch, engine, can }) {
    const sources = await Promise.all(url.map(fetch));
    const { files } = await engine('files.unpack', { files: sources });
    const { documents, warnings } = await intoPdf(files, { engine, can }, printSettings({}));
    const merged = await engine('pdf.merge', { documents, outlines: 'join' });
    return { ...merged, warnings: [...warnings, ...merged.warnings] };
  },
});
