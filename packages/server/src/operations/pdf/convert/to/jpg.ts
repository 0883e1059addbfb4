import { defineOperation } from '../../../operation.ts';
import { render, renderingFields, renderingProfiles } from '../../../rendering.ts';

export default defineOperation({
  path: '/pdf/convert/to/jpg',
  group: 'Convert from PDF',
  title: 'PDF to JPEG pictures',
  about:
    'Draws pages as JPEG, one picture each, with annotations and the values of form fields, at 150 pixels per inch where nothing else is asked for.',
  makes: 'jpg',
  answers: 'urls',
  fields: renderingFields,
  profiles: renderingProfiles,
  examples: [
    {
      title: 'One picture for each page',
      request: { url: 'sample:two-pages.pdf' },
      expect: { pageCount: 2 },
    },
    {
      title: 'The first page, small',
      request: {
        url: 'sample:two-pages.pdf',
        pages: '0',
        profiles: "{ 'JPEGQuality': 25, 'RenderingResolution': 72 }",
      },
      expect: { pageCount: 1 },
    },
  ],
  run: (call, tools) => render('jpg', call, tools),
});
