import { picturesOf } from './pictures.ts';
import { documentAttributes, type Element, pageTree, type TreeOutput } from './tree.ts';
import type { Writer, Writing } from './writer.ts';

/** `document`, `page`, `row`, `column`, `text`, with two blanks for each level and CRLF, as UTF-8. */
export function xmlWriter(output: TreeOutput, { out, settings, pageCount, warn }: Writing): Writer {
  const embed = picturesOf(output.pictures, warn);
  out.write('<?xml version="1.0" encoding="utf-8"?>\r\n');
  out.write(`<document${attributesOf(documentAttributes(pageCount))}>\r\n`);
  return {
    async page(page, open) {
      out.write(printed(pageTree(page, settings, output, await embed(page, open)), '  '));
    },
    end() {
      out.write('</document>\r\n');
    },
  };
}

function printed({ name, attributes, content }: Element, indent: string): string {
  const head = `${indent}<${name}${attributesOf(attributes)}`;
  if (content.length === 0) return `${head} />\r\n`;
  if (typeof content === 'string') return `${head}>${escaped(content)}</${name}>\r\n`;
  const inner = content.map((one) => printed(one, `${indent}  `)).join('');
  return `${head}>\r\n${inner}${indent}</${name}>\r\n`;
}

function attributesOf(attributes: Element['attributes']): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value, true)}"`)
    .join('');
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Leaves out what XML 1.0 does not have (2.2, Char), in whatever way it is written. A parser makes blanks of line ends in attributes. */
function escaped(text: string, isAttribute = false): string {
  const kept = text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');
  return kept.replaceAll(isAttribute ? /[&<>"\t\n\r]/g : /[&<>\r]/g, (character) => {
    return references[character] ?? `&#${character.charCodeAt(0)};`;
  });
}
