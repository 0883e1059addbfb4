const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Leaves out what XML 1.0 does not have (2.2, Char), in whatever way it is written. A parser makes blanks of line ends in attributes. */
export function escaped(text: string, isAttribute = false): string {
  const kept = text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');
  return kept.replaceAll(isAttribute ? /[&<>"\t\n\r]/g : /[&<>\r]/g, (character) => {
    return references[character] ?? `&#${character.charCodeAt(0)};`;
  });
}
