import { defineOperation } from '../../../operation.ts';
import { render, renderingFields, renderingProfiles } from '../../../rendering.ts';

export default defineOperation({
  path: '/pdf/convert/to/png',
  group: 'Convert from PDF',
  title: 'PDF to PNG pictures',
  about:
    'Draws pages as PNG, one picture each, with annotations and the values of form fields, at 150 pixels per inch where nothing else is asked for.',
  makes: 'png',
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
      title: 'The first page, for print',
      request: { url: 'sample:two-pages.pdf', pages: '0', profiles: "{ 'RenderingResolution': 300 }" },
      expect: { pageCount: 1 },
    },
  ],
  run: (call, tools) => render('png', call, tools),
});
