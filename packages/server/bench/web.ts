/** HTML to PDF, beside the browser itself. */
import { findBrowser } from '../src/engines/chromium/places.ts';
import { benchConversions } from './conversions.ts';

const html = `<title>Invoice</title><h1>Invoice 42</h1><table border="1">${'<tr><td>Bolt<td>2<td>1.50</tr>'.repeat(40)}</table>`;

export async function benchWeb(count: number): Promise<void> {
  const browser = findBrowser();
  if (browser === undefined) return console.log('\nThere is no browser: no page of the web is measured.');
  const conversion = {
    what: 'HTML of 1 page to PDF',
    path: '/pdf/convert/from/html',
    name: 'page.html',
    bytes: Buffer.from(html),
    peer: {
      label: '`chromium --print-to-pdf`, one by one',
      program: browser,
      // Without its own sandbox, which root cannot have outside of a box.
      arguments: (document: string, profile: string, folder: string) =>
        `--headless --no-sandbox --disable-gpu --no-pdf-header-footer --user-data-dir=${profile} --print-to-pdf=${folder}/alone.pdf ${document}`.split(
          ' ',
        ),
      made: 'alone.pdf',
    },
  };
  await benchConversions(conversion, count);
}
