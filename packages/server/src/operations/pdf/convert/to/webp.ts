import { defineOperation } from '../../../operation.ts';
import { render, renderingFields, renderingProfiles } from '../../../rendering.ts';

export default defineOperation({
  path: '/pdf/convert/to/webp',
  group: 'Convert from PDF',
  title: 'PDF to WebP pictures',
  about:
    'Draws pages as WebP, one picture each, with annotations and the values of form fields, at 150 pixels per inch where nothing else is asked for.',
  makes: 'webp',
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
      title: 'The first page, as a preview',
      request: { url: 'sample:two-pages.pdf', pages: '0', profiles: "{ 'RenderingResolution': 36 }" },
      expect: { pageCount: 1 },
    },
  ],
  run: (call, tools) => render('webp', call, tools),
});
