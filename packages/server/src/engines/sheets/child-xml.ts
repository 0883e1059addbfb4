/** An element of XML: its attributes as they stand there, and what is within it; undefined where it is closed at once. */
export interface XmlElement {
  readonly attributes: string;
  readonly content: string;
}

/** Characters that are kept of what stands outside of the elements that are looked for. */
const restMax = 32 * 1024 * 1024;

/**
 * All elements of a name, in whatever namespace, of XML that comes in pieces: none is within another. So that nothing has to be kept,
 * what is outside of them goes to `rest`. Entities of a DTD stay what they are.
 */
export function* elementsOf(
  pieces: Iterable<string>,
  name: string,
  rest: (text: string) => void = () => {},
): Generator<XmlElement> {
  const opening = new RegExp(`<(?:\\w+:)?${name}(?:\\s([^<>]*?))?(/)?>`, 'g');
  const closing = new RegExp(`</(?:\\w+:)?${name}\\s*>`, 'g');
  let held = '';
  let restLength = 0;
  const leave = (text: string) => {
    restLength += text.length;
    if (restLength <= restMax) rest(text);
  };
  for (const piece of pieces) {
    held += piece;
    let from = 0;
    for (;;) {
      opening.lastIndex = from;
      const begin = opening.exec(held);
      if (begin === null) {
        // What is held may end within a tag.
        const end = held.lastIndexOf('<');
        if (end > from) {
          leave(held.slice(from, end));
          from = end;
        }
        break;
      }
      const [{ length }, attributes = '', isEmpty] = begin;
      if (isEmpty !== undefined) {
        leave(held.slice(from, begin.index));
        from = begin.index + length;
        yield { attributes, content: '' };
        continue;
      }
      closing.lastIndex = begin.index + length;
      const end = closing.exec(held);
      if (end === null) {
        leave(held.slice(from, begin.index));
        from = begin.index;
        break;
      }
      leave(held.slice(from, begin.index));
      from = end.index + end[0].length;
      yield { attributes, content: held.slice(begin.index + length, end.index) };
    }
    held = held.slice(from);
  }
  leave(held);
}

/** Attributes by their names without a namespace. */
export function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(
    /(?:^|[\s:])([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
  ))
    found.set(name, unescaped(double ?? single ?? ''));
  return found;
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const reference = /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(lt|gt|quot|apos|amp));/gi;

/** Text without references to characters. */
export function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(reference, (whole: string, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
