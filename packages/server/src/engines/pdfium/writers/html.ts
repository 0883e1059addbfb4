import type { ReadingOutput } from '../../capabilities.ts';
import { simplePage } from './html-simple.ts';
import { shownPage } from './html-page.ts';
import type { Writer, Writing } from './writer.ts';

/** Nothing may run, nothing is loaded: what a page shows stands in the file. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
const head = `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>Document</title>
`;

/**
 * Words are lifted onto their baselines: an empty box of one em stands in front of each, and a line without height around it, so that
 * the lower side of that box is the baseline in every font.
 */
const style = `<style>
body{margin:0;background:#ddd}
section{position:relative;overflow:hidden;margin:12pt auto;background:#fff;font-kerning:none}
section *{position:absolute;margin:0}
section p{left:0;line-height:0;white-space:pre}
span{left:0;top:-1em;transform-origin:0 1em}
span::before{content:"";display:inline-block;height:1em;position:static}
svg{left:0;top:0}
@media print{body{background:none}section{margin:0;break-after:page}}
</style>
`;

/** One file of HTML, page after page: as the pages look, or as plain paragraphs and tables. */
export function htmlWriter(
  { isSimple }: Extract<ReadingOutput, { readonly as: 'html' }>,
  { out, settings, warn }: Writing,
): Writer {
  out.write(`${head}${isSimple ? '' : style}</head>\n<body>\n`);
  return {
    async page(page, open) {
      if (isSimple) simplePage(page, settings, out);
      else await shownPage(page, settings, { out, open, warn });
    },
    end() {
      out.write('</body>\n</html>\n');
    },
  };
}
