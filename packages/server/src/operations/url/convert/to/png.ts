import { defineOperation } from '../../../operation.ts';
import { pageSource, picturePage, printingProfiles } from '../../../printing.ts';

export default defineOperation({
  path: '/url/convert/to/png',
  group: 'Web page to picture',
  title: 'Web page to PNG',
  about:
    'Opens a link in Chromium, in a window 1280 pixels wide, and takes a picture of the whole page, of at most 16,384 pixels to each side.',
  makes: 'png',
  fields: {
    url: pageSource,
  },
  profiles: printingProfiles,
  examples: [
    {
      title: 'A page that was uploaded',
      request: { url: 'sample:page.html', name: 'page.png' },
      expect: { name: 'page.png' },
    },
  ],
  run: (call, tools) => picturePage('png', call, tools),
});
