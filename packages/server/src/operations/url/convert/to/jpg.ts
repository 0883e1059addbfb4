import { defineOperation } from '../../../operation.ts';
import { pageSource, picturePage, printingProfiles } from '../../../printing.ts';

export default defineOperation({
  path: '/url/convert/to/jpg',
  group: 'Web page to picture',
  title: 'Web page to JPG',
  about:
    'Opens a link in Chromium, in a window 1280 pixels wide, and takes a picture of the whole page, of at most 16,384 pixels to each side.',
  makes: 'jpg',
  fields: {
    url: pageSource,
  },
  profiles: printingProfiles,
  examples: [
    {
      title: 'A page that was uploaded',
      request: { url: 'sample:page.html', name: 'page.jpg' },
      expect: { name: 'page.jpg' },
    },
  ],
  run: (call, tools) => picturePage('jpg', call, tools),
});
