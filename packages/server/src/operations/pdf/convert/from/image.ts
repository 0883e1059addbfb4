import { Failure, placeText } from '../../../../errors.ts';
import { field } from '../../../fields.ts';
import { intoOnePdf, picturesTaken } from '../../../into-pdf.ts';
import { defineOperation } from '../../../operation.ts';
import { printSettings } from '../../../printing.ts';

export default defineOperation({
  path: '/pdf/convert/from/image',
  group: 'Convert to PDF',
  title: 'Pictures to PDF',
  about: `Makes a PDF of pictures (${picturesTaken}), one page for each, in the order given; of a TIFF one for each that it has, of a moving picture its first. A page is as large as its picture says that it is, with 96 pixels to the inch where it says nothing. JPEGs, most PNGs and faxes are kept as they are; nothing else loses quality either.`,
  makes: 'pdf',
  fields: {
    url: field.sources('Links to the pictures, separated by commas; or file parts named `file` or `file[]`.'),
  },
  examples: [
    {
      title: 'Two pictures',
      request: { url: 'sample:picture.png,sample:photograph.jpg', name: 'result.pdf' },
      expect: { pageCount: 2, name: 'result.pdf' },
    },
    {
      title: 'A drawing',
      request: { url: 'sample:drawing.svg' },
      expect: { pageCount: 1, name: 'result.pdf' },
    },
  ],
  async run({ url }, { fetch, engine, can }) {
    const sources = await Promise.all(url.map(fetch));
    const { files } = await engine('files.unpack', { files: sources, keepsArchives: true });
    const odd = files.find(({ kind }) => kind !== 'picture' && kind !== 'svg');
    if (odd !== undefined)
      throw new Failure('kindRefused', {
        place: placeText(odd.file),
        reason: `it is none of ${picturesTaken}`,
      });
    return intoOnePdf(files, { engine, can }, printSettings({}));
  },
});
