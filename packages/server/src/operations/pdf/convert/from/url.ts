import { defineOperation } from '../../../operation.ts';
import { pageSource, printingFields, printingProfiles, printPage } from '../../../printing.ts';

export default defineOperation({
  path: '/pdf/convert/from/url',
  group: 'Convert to PDF',
  title: 'Web page to PDF',
  about:
    'Opens a link in Chromium and prints the page. Only public addresses are reached, and those of OCTAVO_ALLOW_SOURCES, by the page itself and by all that it loads. `httpusername` and `httppassword` go to the host of the link alone.',
  makes: 'pdf',
  fields: {
    url: pageSource,
    ...printingFields,
  },
  profiles: printingProfiles,
  examples: [
    {
      title: 'A page that was uploaded, on its side',
      request: { url: 'sample:page.html', orientation: 'Landscape', paperSize: 'Letter' },
      expect: { pageCount: 1 },
    },
  ],
  run: async ({ url, ...fields }, tools) => printPage(await tools.page(url), fields, tools),
});
