import { picturesOf } from './pictures.ts';
import { select, type Value } from './select.ts';
import { documentAttributes, type Element, pageTree, type TreeOutput } from './tree.ts';
import type { Writer, Writing } from './writer.ts';

/** How attributes and text are called. */
interface Names {
  readonly prefix: string;
  readonly text: string;
}
const older: Names = { prefix: '@', text: '#text' };
const newer: Names = { prefix: '', text: 'text' };
/** Clients read images by the same names in both. */
const ofImages: Names = { prefix: '', text: 'data' };

/** Characters of pages that are kept for a path, which can be followed only when all of them are there. */
const keptMax = 64 * 1024 * 1024;

/**
 * What XML would be, as JSON: an element that is there once is a value, several are a list, one without attributes is its text. Printed
 * as by the original, with two blanks for each level and CRLF, as there are clients that read it by regular expressions.
 */
export function jsonWriter(output: TreeOutput, writing: Writing): Writer {
  return output.path.length === 0 ? wholeWriter(output, writing) : pathWriter(output, writing);
}

function wholeWriter(output: TreeOutput, writing: Writing): Writer {
  const { out, settings, pageCount, warn } = writing;
  const names = namesOf(output);
  const embed = picturesOf(output.pictures, warn);
  const isList = pageCount !== 1;
  let count = 0;
  const head = attributesOf(documentAttributes(pageCount), names);
  out.write('{\r\n  "document": {');
  for (const [name, value] of Object.entries(head)) out.write(`\r\n    ${printed(name)}: ${printed(value)},`);
  out.write('\r\n    "page": ');
  if (isList) out.write('[');
  return {
    async page(page, open) {
      const value = valueOf(pageTree(page, settings, output, await embed(page, open)), names);
      out.write(isList ? `${count++ === 0 ? '' : ','}\r\n      ${printed(value, 3)}` : printed(value, 2));
    },
    end() {
      out.write(`${isList ? '\r\n    ]' : ''}\r\n  }\r\n}`);
    },
  };
}

function pathWriter(output: TreeOutput, { out, settings, pageCount, warn }: Writing): Writer {
  const names = namesOf(output);
  const embed = picturesOf(output.pictures, warn);
  const pages: Value[] = [];
  let kept = 0;
  return {
    async page(page, open) {
      if (kept > keptMax) return;
      const value = valueOf(pageTree(page, settings, output, await embed(page, open)), names);
      pages.push(value);
      kept += JSON.stringify(value).length;
      if (kept > keptMax) warn(`The path was followed in the first ${pages.length} pages alone.`);
    },
    end() {
      const [first = ''] = pages;
      const head = attributesOf(documentAttributes(pageCount), names);
      const document = { ...head, page: pageCount === 1 ? first : pages };
      const { found, isAll } = select({ document }, output.path);
      if (!isAll) warn(`The path leads to more than ${found.length} values: the others are left out.`);
      out.write(printed(found));
    },
  };
}

function namesOf({ form }: TreeOutput): Names {
  return form === 'plain' ? older : newer;
}

function attributesOf(attributes: Element['attributes'], { prefix }: Names): Record<string, Value> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [prefix + name, value]));
}

function valueOf(element: Element, names: Names): Value {
  const { content, meta } = element;
  const own = element.name === 'image' ? ofImages : names;
  const value = attributesOf(element.attributes, own);
  if (typeof content === 'string') {
    if (Object.keys(value).length === 0) return content;
    if (meta === undefined) return { ...value, [own.text]: content };
    const { paragraphStyle, type, subType } = meta;
    return {
      ...value,
      ...(paragraphStyle === undefined ? {} : { paragraphStyle }),
      [own.text]: content,
      meta: { type, ...(subType === undefined ? {} : { subType }) },
    };
  }
  const groups = Map.groupBy(content, ({ name }) => name);
  for (const [name, elements] of groups) {
    const values = elements.map((one) => valueOf(one, names));
    const [first = ''] = values;
    value[name] = values.length === 1 ? first : values;
  }
  return value;
}

/** `level`: how far it stands to the right. */
function printed(value: Value, level = 0): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\r\n${'  '.repeat(level)}`);
}
