import { isPicture, type Resolve } from './references.ts';

/** Style rules with pictures as data URIs and without what lies elsewhere; sheets of paper are left to who prints. */
export function cleanStyle(style: string, resolve: Resolve): string {
  const out: string[] = [];
  // Nothing of CSS needs these, and what stands in a style element may be read as HTML.
  const css = style.replaceAll(/<!--|-->|[<\0]/g, '');
  const lower = css.toLowerCase();
  let at = 0;
  for (;;) {
    const start = lower.indexOf('url(', at);
    const end = start === -1 ? -1 : css.indexOf(')', start);
    out.push(withoutImports(css.slice(at, start === -1 ? css.length : start), resolve));
    // A reference without an end goes, with all that follows.
    if (end === -1) return out.join('');
    const reference = css
      .slice(start + 4, end)
      .trim()
      .replaceAll(/^["']|["']$/g, '');
    out.push(`url("${isPicture(reference) ? quoted(reference) : (resolve(reference) ?? '') || 'data:,'}")`);
    at = end + 1;
  }
}

function withoutImports(css: string, resolve: Resolve): string {
  return css
    .replaceAll(/@import\s*["']?([^"';\s]{0,200})/gi, (_, reference: string) => {
      resolve(reference);
      return '@left-out';
    })
    .replaceAll(/@page/gi, '@left-out');
}

function quoted(reference: string): string {
  return reference.replaceAll(/["\\\n\r]/g, encodeURIComponent);
}
