import { defineOperation } from '../../../operation.ts';
import { render, renderingFields, renderingProfiles } from '../../../rendering.ts';

export default defineOperation({
  path: '/pdf/convert/to/tiff',
  group: 'Convert from PDF',
  title: 'PDF to one TIFF of many pages',
  about:
    'Draws pages as the pages of one TIFF, with annotations and the values of form fields, at 150 pixels per inch where nothing else is asked for.',
  makes: 'tif',
  fields: renderingFields,
  profiles: renderingProfiles,
  examples: [
    {
      title: 'All pages',
      request: { url: 'sample:two-pages.pdf', name: 'result.tiff' },
      expect: { pageCount: 2, name: 'result.tiff' },
    },
    {
      title: 'As a fax',
      request: {
        url: 'sample:two-pages.pdf',
        profiles: "{ 'TIFFCompression': 'CCITT4', 'RenderingResolution': 204 }",
      },
      expect: { pageCount: 2, name: 'result.tif' },
    },
  ],
  run: (call, tools) => render('tiff', call, tools),
});
