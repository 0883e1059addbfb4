/** What a piece of an XML text is. */
export type XmlPiece =
  | {
      readonly kind: 'open';
      /** With its prefix. */
      readonly name: string;
      readonly attributes: readonly (readonly [name: string, value: string])[];
      /** Whether it is closed at once. */
      readonly isEmpty: boolean;
    }
  | { readonly kind: 'close' }
  | { readonly kind: 'text'; readonly text: string };

const NAME = /[^\s/>=]+/y;
const ATTRIBUTE = /\s*([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * The pieces of an XML text, one after another, in linear time. Enough for metadata: comments, instructions and document types are passed
 * over, no entity but the five of XML is known and nothing is fetched. Broken XML gives what can be had.
 */
export function* readXml(text: string): Generator<XmlPiece> {
  for (let at = 0; at < text.length;) {
    const tag = text.indexOf('<', at);
    const textEnd = tag === -1 ? text.length : tag;
    if (textEnd > at) yield { kind: 'text', text: unescaped(text.slice(at, textEnd)) };
    if (tag === -1) return;
    if (text.startsWith('<![CDATA[', tag)) {
      const end = text.indexOf(']]>', tag);
      yield { kind: 'text', text: text.slice(tag + 9, end === -1 ? text.length : end) };
      at = after(text, tag, ']]>');
    } else if (text.startsWith('<!--', tag)) at = after(text, tag, '-->');
    else if (text.startsWith('<?', tag)) at = after(text, tag, '?>');
    else if (text.startsWith('<!', tag)) at = after(text, tag, '>');
    else if (text.startsWith('</', tag)) {
      yield { kind: 'close' };
      at = after(text, tag, '>');
    } else {
      NAME.lastIndex = tag + 1;
      const name = NAME.exec(text)?.[0] ?? '';
      const attributes: [string, string][] = [];
      at = tag + 1 + name.length;
      ATTRIBUTE.lastIndex = at;
      for (let match = ATTRIBUTE.exec(text); match !== null; match = ATTRIBUTE.exec(text)) {
        attributes.push([match[1]!, unescaped(match[2] ?? match[3]!)]);
        at = ATTRIBUTE.lastIndex;
      }
      const end = after(text, at, '>');
      yield { kind: 'open', name, attributes, isEmpty: text[end - 2] === '/' };
      at = end;
    }
  }
}

function after(text: string, from: number, mark: string): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES.get(name) ?? whole;
    const code =
      name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
