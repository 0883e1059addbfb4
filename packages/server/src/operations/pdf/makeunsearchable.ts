import { field } from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { withPictures } from '../picture-pages.ts';
import { renderingProfiles, renderSettings, resolutionField } from '../rendering.ts';

export default defineOperation({
  path: '/pdf/makeunsearchable',
  group: 'Optimise and recognise',
  title: 'Turn pages into pictures',
  about:
    'Puts a picture in the place of each page, of the same size, so that no text can be searched, marked or copied. Annotations and the values of fields become a part of it. Pictures are kept without loss, but for what takes much less as JPEG, such as photographs.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the PDF; or a file part named `file`.'),
    pages: field.pages(
      'Pages that become pictures, from 0: `0-2,5-,!0`, where `!0` is the last; all where it is empty. The others stay as they are.',
      { first: 0 },
    ),
  },
  profiles: { ...renderingProfiles, RenderingResolution: resolutionField(200) },
  examples: [
    {
      title: 'All pages',
      request: { url: 'sample:two-pages.pdf', name: 'result.pdf' },
      expect: { pageCount: 2, name: 'result.pdf' },
    },
    {
      title: 'The last page, in black and white',
      request: {
        url: 'sample:two-pages.pdf',
        pages: '!0',
        profiles: "{ 'ImageBitsPerPixel': 'BPP1', 'RenderingResolution': 300 }",
      },
      expect: { pageCount: 2 },
    },
  ],
  async run({ url, pages, profiles }, { fetch, engine }) {
    const settings = renderSettings('png-or-jpg', undefined, profiles);
    return withPictures(await fetch(url), pages, settings, engine);
  },
});
