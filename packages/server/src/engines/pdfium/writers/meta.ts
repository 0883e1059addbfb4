import type { Page } from '../page.ts';

/** Sizes of the text of a page. */
export interface TextSizes {
  /** Points of most of its characters. */
  readonly body: number;
  /** Those of headings, from the largest. */
  readonly larger: readonly number[];
}

/** Sizes apart by less than so many points are one: scaled text is never exactly of a size. */
const sizeStep = 0.5;
/** A heading is larger than the rest by so much: half a point more is a font that was fitted, not a heading. */
const largerBy = 1.1;
/** Small print: footnotes have about four fifths. */
const smallBelow = 0.85;
const headingsMax = 7;

export function sizesOf({ glyphs, styles }: Page): TextSizes {
  const counts = new Map<number, number>();
  for (const { style } of glyphs) {
    const size = rounded(styles[style]?.size ?? 0);
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  const [[body] = [0]] = [...counts].toSorted(([, one], [, other]) => other - one);
  const larger = [...counts.keys()].filter((size) => size > body * largerBy);
  return { body, larger: larger.toSorted((one, other) => other - one) };
}

/** What kind of text it is. */
export interface TextMeta {
  /** `h1` to `h7` by how many sizes of the page are larger, or `small`; none of what is as the rest. */
  readonly paragraphStyle: string | undefined;
  /** By how it is written: `datetime`, `currency`, `integer`, `decimal`, else `text`. */
  readonly type: string;
  /** `companyName` or `personName`, where a word of it says so. */
  readonly subType: string | undefined;
}

/** Longer texts are sentences. */
const lengthMax = 120;

export function metaOf(text: string, size: number, { body, larger }: TextSizes): TextMeta {
  const heading = larger.indexOf(rounded(size)) + 1;
  const small = size < body * smallBelow ? 'small' : undefined;
  const clean = text.trim();
  const find = (kinds: Kinds) =>
    clean.length > lengthMax ? undefined : kinds.find(([, pattern]) => pattern.test(clean))?.[0];
  return {
    paragraphStyle: heading > 0 ? `h${Math.min(heading, headingsMax)}` : small,
    type: find(types) ?? 'text',
    subType: find(subTypes),
  };
}

type Kinds = readonly (readonly [kind: string, pattern: RegExp])[];

const amount = String.raw`[+-]?\(?\d{1,3}(?:[,.' ]?\d{3})*(?:[.,]\d{1,4})?\)?`;
const currency = String.raw`(?:[$€£¥₹]|USD|EUR|GBP|CHF|JPY|CAD|AUD|INR)`;
const month = String.raw`(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`;
const time = String.raw`(?:[ T,]+\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?)?`;

/** The first that fits. */
const types: Kinds = [
  ['datetime', new RegExp(String.raw`^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}${time}$`, 'i')],
  ['datetime', new RegExp(String.raw`^\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4})${time}$`, 'i')],
  ['datetime', new RegExp(String.raw`^${month} \d{1,2}(?:st|nd|rd|th)?,? \d{4}${time}$`, 'i')],
  ['datetime', new RegExp(String.raw`^\d{1,2}(?:st|nd|rd|th)?[ -]${month}[ ,-]+\d{4}${time}$`, 'i')],
  ['currency', new RegExp(`^[+-]?\\(?${currency} ?${amount}$`, 'i')],
  ['currency', new RegExp(`^${amount} ?${currency}$`, 'i')],
  ['integer', /^[+-]?\d{1,3}(?:[, ]?\d{3})*$/],
  ['decimal', new RegExp(`^${amount}$`)],
];

const subTypes: Kinds = [
  [
    'companyName',
    /^\p{L}[\p{L}\p{N}&.,' -]{0,80}[ ,](?:Inc|LLC|Ltd|Limited|Corp|Corporation|GmbH|AG|PLC|LLP|B\.V|S\.A|Oy|AB|Pty)\.?$/u,
  ],
  ['personName', /^(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? \p{Lu}[\p{L}.'-]{0,40}(?: \p{Lu}[\p{L}.'-]{0,40}){0,3}$/u],
];

function rounded(size: number): number {
  return Math.round(size / sizeStep) * sizeStep;
}
