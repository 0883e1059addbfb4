import { field } from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { optimise, pictureKeys, pictureSettings } from '../picture-settings.ts';

export default defineOperation({
  path: '/pdf/optimize',
  group: 'Optimise and recognise',
  title: 'Make a PDF smaller',
  about:
    'Packs a document better, leaves out what nothing in it uses, and packs its pictures anew where nobody sees the difference. The result is never larger. `bytesBefore` and `bytesAfter` say what was gained.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the PDF; or a file part named `file`.'),
  },
  profiles: pictureKeys,
  examples: [
    {
      title: 'As small as nobody sees',
      request: { url: 'sample:two-pages.pdf', name: 'result.pdf' },
      expect: { pageCount: 2 },
    },
    {
      title: 'Pictures for a screen',
      request: {
        url: 'sample:two-pages.pdf',
        profiles: "{ 'ImageOptimizationFormat': 'JPEG', 'JPEGQuality': 25, 'ResamplingResolution': 120 }",
        name: 'result.pdf',
      },
      expect: { pageCount: 2 },
    },
  ],
  run: ({ url, profiles }, tools) => optimise(url, pictureSettings(profiles), tools),
});
