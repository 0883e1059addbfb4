import type { Link } from '../page.ts';

const schemes = ['http:', 'https:', 'mailto:'];

/** What a link of a page may lead to from HTML: the web, a mail, or a page. Undefined for all else, as a script. */
export function hrefOf({ uri, pageIndex }: Link): string | undefined {
  if (uri === '') return pageIndex === undefined ? undefined : `#page${pageIndex + 1}`;
  if (!URL.canParse(uri)) return undefined;
  const { protocol, href } = new URL(uri);
  return schemes.includes(protocol) ? href : undefined;
}
