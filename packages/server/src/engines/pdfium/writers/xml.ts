import { escaped } from '../../writing/markup.ts';
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
