import { field } from '../fields.ts';
import { intoOnePdf, kindsTaken } from '../into-pdf.ts';
import { defineOperation } from '../operation.ts';
import { printSettings } from '../printing.ts';

export default defineOperation({
  path: '/pdf/merge2',
  group: 'Merge and split',
  title: 'Merge files of many kinds into one PDF',
  about: `Joins files into one PDF, in the order given: ${kindsTaken}, and ZIP archives of them, of which all files are taken, in their order. A picture becomes a page of its size, a TIFF as many as it has; all else is printed, on A4 where it says nothing of its paper. Of an e-mail what is attached comes behind it, as far as it becomes pages. Kinds are told by what is in a file, and by its name only where that does not tell.`,
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
    return intoOnePdf(files, { engine, can }, printSettings({}));
  },
});
