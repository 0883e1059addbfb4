import type { BarcodeType } from './barcode-types.ts';
import { code39Widths } from './code-39.ts';
import {
  bookNumber,
  bracketed,
  gs1CheckDigit,
  isBelow,
  latin,
  postalCheckDigit,
  utf8,
  withFunctions,
} from './values.ts';

/** How a type of barcode is drawn: the one table of all types. */
export interface Symbology {
  /** Name of the encoder in BWIPP. */
  readonly encoder: string;
  /** What a value has to be, as the end of a sentence. */
  readonly needs: string;
  /** What the encoder takes for a value; undefined where it does not fit. That it passed is not yet a promise: the encoder looks closer. */
  read(value: string): Reading | undefined;
  readonly look: Look;
  /** Options of the encoder that do not depend on the value. */
  readonly options?: EncoderOptions;
  /** What a client should know of each that is drawn. */
  readonly remark?: string;
}

/** A type that is known, and that nothing here draws. */
export interface Undrawn {
  readonly why: string;
}

export type EncoderOptions = Readonly<Record<string, string | number | boolean>>;

/** What an encoder takes: characters are bytes. */
export interface Reading {
  readonly text: string;
  /** Below a linear code, where it is not what the encoder itself would print. */
  readonly caption?: string;
  /** In place of the one of the symbology. */
  readonly encoder?: string;
  readonly options?: EncoderOptions;
}

/** Sizes in modules, the width of a thin bar, and what stands below. */
export interface Look {
  /** White on the left and right, and above and below. */
  readonly quiet: readonly [sides: number, ends: number];
  /** BWIPP draws square modules two units wide. */
  readonly units: 1 | 2;
  /** Of bars; what the encoder prescribes where it is undefined. */
  readonly height?: number;
  readonly text: boolean;
}

const linear: Look = { quiet: [10, 2], units: 1, height: 50, text: true };
const retail: Look = { quiet: [5, 2], units: 1, text: true };
const databar: Look = { quiet: [2, 2], units: 1, text: true };
const postal: Look = { quiet: [5, 4], units: 1, text: false };
const stacked: Look = { quiet: [4, 4], units: 1, text: false };
const wideStacked: Look = { quiet: [10, 2], units: 1, text: false };
const matrix: Look = { quiet: [2, 2], units: 2, text: false };
const qr: Look = { quiet: [4, 4], units: 2, text: false };

type Read = Symbology['read'];

/** A value that matches, without the blanks around it; as its own caption. */
function matching(pattern: RegExp): Read {
  return (value) => {
    const text = value.trim();
    return pattern.test(text) ? { text, caption: text } : undefined;
  };
}

/** Digits alone, of the given counts; blanks, hyphens and dots between them do not count. */
function digits(...counts: readonly number[]): Read {
  return (value) => {
    const text = value.replaceAll(/[\s.-]/g, '');
    return /^\d+$/.test(text) && (counts.length === 0 || counts.includes(text.length)) ? { text } : undefined;
  };
}

/** Digits, to which a number of 2 or 5 digits may be added behind a blank. */
function withAddOn(read: Read): Read {
  return (value) => {
    const [, main = '', addOn = ''] = /^\s*(.*?)(\s(?:\d{2}|\d{5}))?\s*$/s.exec(value) ?? [];
    const whole = read(value);
    const part = read(main);
    if (whole !== undefined || part === undefined) return whole;
    return { ...part, text: `${part.text} ${addOn.trim()}` };
  };
}

/** Capital letters and digits of a postal code. */
function capitals(pattern: RegExp): Read {
  return (value) => {
    const text = value.toUpperCase().replaceAll(/\s/g, '');
    return pattern.test(text) ? { text } : undefined;
  };
}

/** Code 128 and what is made of it: text of Latin letters, and functions. */
function latinText(value: string): Reading | undefined {
  const text = latin(value);
  if (text === undefined) return undefined;
  return { text: withFunctions(text), caption: value, options: { parsefnc: true } };
}

/** What says which characters its bytes are, where they are not those of ISO 8859-1. */
function declaredText(value: string): Reading | undefined {
  const isLatin = latin(value) !== undefined;
  const text = isLatin ? withFunctions(value) : `^ECI000026${withFunctions(utf8(value))}`;
  return value === '' ? undefined : { text, options: { parsefnc: true } };
}

/** The same for encoders that know no functions. */
function declaredBytes(value: string): Reading | undefined {
  const plain = value.replaceAll('^', '^^');
  const text = latin(plain) ?? `^ECI000026${utf8(plain)}`;
  return value === '' ? undefined : { text, options: { parsefnc: true } };
}

/** QR: readers guess UTF-8 where nothing is declared, and old ones stumble over what is. */
function qrText(value: string): Reading | undefined {
  return value === '' ? undefined : { text: withFunctions(utf8(value)), options: { parsefnc: true } };
}

function gs1(value: string): Reading | undefined {
  const text = bracketed(value.trim());
  // Whether what identifiers hold is right is looked at where it is drawn.
  return text === undefined || latin(text) === undefined ? undefined : { text, options: { dontlint: false } };
}

/** A trade item number alone, or with its identifier: `(01)` and 14 digits; a missing check digit is added. */
function tradeItem(value: string): Reading | undefined {
  const [, number = ''] = /^(?:\(01\)|01(?=\d{14}$))?(\d{13,14})$/.exec(value.replaceAll(/\s/g, '')) ?? [];
  if (number === '') return undefined;
  return { text: `(01)${number.length === 13 ? `${number}${gs1CheckDigit(number)}` : number}` };
}

const code39Characters = 'capital letters, digits, blanks and any of - . $ / + %';
const code39Read: Read = (value) => matching(/^[0-9A-Z. $/+%-]+$/)(value.replace(/^\*(.*)\*$/s, '$1'));
const ascii = 'characters of ASCII';
const asciiRead = (value: string): Reading | undefined =>
  value !== '' && isBelow(0x80, value) ? { text: value, caption: value } : undefined;

function code93Read(value: string): Reading | undefined {
  const read = asciiRead(value);
  return read && /[^0-9A-Z. $/+%-]/.test(value) ? { ...read, encoder: 'code93ext' } : read;
}

/** Start and stop are A where a value has none. */
function codabarRead(value: string): Reading | undefined {
  const text = value.trim().toUpperCase();
  if (/^[A-D][\d\-$:/.+]+[A-D]$/.test(text)) return { text, caption: value.trim() };
  return /^[\d\-$:/.+]+$/.test(text) ? { text: `A${text}A`, caption: text } : undefined;
}

function upceRead(value: string): Reading | undefined {
  const read = digits(6, 7, 8, 11, 12)(value);
  return read?.text.length === 6 ? { text: `0${read.text}` } : read;
}

/** The format control code 11 of standard customers is added to a sorting code alone. */
function australianRead(value: string): Reading | undefined {
  const text = value.trim();
  if (/^\d{8}$/.test(text)) return { text: `11${text}` };
  if (/^(?:11|45|87|92)\d{8}$/.test(text)) return { text };
  const options = { custinfoenc: /^\d+$/.test(text) ? 'numeric' : 'character' };
  return /^(?:44|59|62)\d{8}[\dA-Za-z #]*$/.test(text) ? { text, options } : undefined;
}

/** With hyphens, the original prints the number above the bars too. */
function bookRead(value: string): Reading | undefined {
  const text = value.trim().replace(/^ISBN(?:-1[03])?:?\s*/i, '');
  if (/^\d[\d\s-]*[\dX]$/i.test(text) && text.includes('-'))
    return { text: text.replaceAll(/\s/g, '').toUpperCase() };
  const plain = text.replaceAll(/\s/g, '').toUpperCase();
  if (!/^(?:\d{9}[\dX]|97[89]\d{9,10})$/.test(plain)) return undefined;
  return { text: bookNumber(plain), encoder: 'ean13' };
}

/** 7 digits are a number of the older length with its check digit. */
function pznRead(value: string): Reading | undefined {
  const read = digits(6, 7, 8)(value.replace(/^\s*PZN\s*-?/i, ''));
  return read && { ...read, options: { pzn8: read.text.length === 8 } };
}

/** The Universal Postal Union: two letters, 8 digits, their check digit, two letters; or the digits alone, in Code 39 as they once were. */
function postalUnionRead(value: string): Reading | undefined {
  const text = value.toUpperCase().replaceAll(/\s/g, '');
  const [, service = '', number = '', check, country = ''] =
    /^([A-Z]{2})?(\d{8})(\d)?([A-Z]{2})?$/.exec(text) ?? [];
  const right = number === '' ? '' : postalCheckDigit(number);
  if (number === '' || (service === '') !== (country === '') || (check ?? right) !== right) return undefined;
  const whole = `${service}${number}${right}${country}`;
  return { text: whole, caption: whole, ...(service === '' && { encoder: 'code39' }) };
}

/** 9 digits and their check digit; one that is given has to be right. */
function checkedPairs(without: number): Read {
  return (value) => {
    const read = digits(without, without + 1)(value);
    const number = read?.text.slice(0, without) ?? '';
    const whole = number + gs1CheckDigit(number);
    return read === undefined || !whole.startsWith(read.text) ? undefined : { text: whole, caption: whole };
  };
}

/** Widths of bars and gaps in half modules, from the first bar on. */
const patches: Readonly<Record<string, string>> = {
  1: '5252222',
  2: '5222225',
  3: '5222522',
  4: '2252522',
  6: '2222525',
  T: '2252225',
};

function patchRead(value: string): Reading | undefined {
  const text =
    patches[
      value
        .trim()
        .toUpperCase()
        .replace(/^PATCH\s*/, '')
    ];
  return text === undefined ? undefined : { text };
}

/** The second three of six characters stand before the first three, between `$` in place of `*`. */
function triopticRead(value: string): Reading | undefined {
  const text = value
    .trim()
    .toUpperCase()
    .replace(/^\$(.*)\$$/, '$1');
  if (!/^[0-9A-Z]{6}$/.test(text)) return undefined;
  return { text: code39Widths(`$${text.slice(3)}${text.slice(0, 3)}$`), caption: text };
}

/** A message of a carrier begins with `[)>`, `01`, a year and a postal code: mode 2 where that is a number, else mode 3. All else is mode 4. */
function maxiRead(value: string): Reading | undefined {
  const text = value.replaceAll(/<(GS|RS|EOT)>/gi, (_, name: string) => controls[name.toUpperCase()] ?? '');
  const read = declaredBytes(text);
  const [head, postcode = ''] = text.split('\x1d', 2);
  const carrierMode = /^\d{3,11}$/.test(postcode) ? 2 : 3;
  return read && { ...read, options: { ...read.options, mode: head === '[)>\x1e01' ? carrierMode : 4 } };
}

const controls: Readonly<Record<string, string>> = { GS: '\x1d', RS: '\x1e', EOT: '\x04' };

const isGs1 =
  'elements of GS1 with their identifiers, such as (01)09501101530003(10)ABC, or without brackets and with <FNC1> behind elements of any length';
const isText = 'text';
const isLatin = 'letters of Western Europe, digits and signs';
const isTradeItem = '13 digits, or 14 of which the last is their check digit, with or without (01)';

function ean(count: number): string {
  return `${count} digits, or ${count + 1} of which the last is their check digit`;
}

const code128 = { encoder: 'code128', needs: `up to 250 ${isLatin}`, read: latinText, look: linear };
const ean8 = { encoder: 'ean8', needs: ean(7), read: withAddOn(digits(7, 8)), look: retail };
const ean13 = { encoder: 'ean13', needs: ean(12), read: withAddOn(digits(12, 13)), look: retail };
const upca = { encoder: 'upca', needs: ean(11), read: withAddOn(digits(11, 12)), look: retail };
const itf14 = {
  encoder: 'itf14',
  needs: ean(13),
  read: digits(13, 14),
  look: { ...linear, quiet: [10, 4] },
} satisfies Symbology;
const gs1Code128 = { encoder: 'gs1-128', needs: isGs1, read: gs1, look: linear };
const pairs = { encoder: 'interleaved2of5', needs: 'digits', read: digits(), look: linear };
const isbn = {
  encoder: 'isbn',
  needs: 'a book number of 10 or 13 digits, with or without hyphens',
  read: bookRead,
  look: retail,
};
const kix = {
  encoder: 'kix',
  needs: 'capital letters and digits: postal code and number of the house',
  read: capitals(/^[0-9A-Z]{6,20}$/),
  look: postal,
};
const micropdf = {
  encoder: 'micropdf417',
  needs: `${isText} of up to 250 characters`,
  read: declaredBytes,
  look: stacked,
};
const datamatrix = {
  encoder: 'datamatrix',
  needs: `${isText} of up to 2,335 characters`,
  read: declaredText,
  look: matrix,
};
const pdf417 = {
  encoder: 'pdf417',
  needs: `${isText} of up to 1,850 characters`,
  read: declaredBytes,
  look: stacked,
};

/** Every type of the wire. */
export const symbologies: Readonly<Record<BarcodeType, Symbology | Undrawn>> = {
  AustralianPostCode: {
    encoder: 'auspost',
    needs:
      '8 digits of the sorting code, before them the format control code (11, 45, 59, 62, 87 or 92), behind them the information of 59 and 62',
    read: australianRead,
    look: postal,
  },
  Aztec: {
    encoder: 'azteccode',
    needs: `${isText} of up to 3,067 characters`,
    read: declaredText,
    look: matrix,
  },
  Codabar: {
    encoder: 'rationalizedCodabar',
    needs: 'digits and any of - $ : / . +, with or without a letter from A to D at both ends',
    read: codabarRead,
    look: linear,
  },
  CodablockF: {
    encoder: 'codablockf',
    needs: `${isLatin}, 2,725 at most`,
    read: latinText,
    look: wideStacked,
  },
  Code128: code128,
  Code16K: { encoder: 'code16k', needs: `${isLatin}, 77 at most`, read: latinText, look: wideStacked },
  Code39: {
    encoder: 'code39',
    needs: `${code39Characters}; Code39Extended takes all of ASCII`,
    read: code39Read,
    look: linear,
  },
  Code39Extended: { encoder: 'code39ext', needs: ascii, read: asciiRead, look: linear },
  Code39Mod43: {
    encoder: 'code39',
    needs: code39Characters,
    read: code39Read,
    look: linear,
    options: { includecheck: true },
  },
  Code39Mod43Extended: {
    encoder: 'code39ext',
    needs: ascii,
    read: asciiRead,
    look: linear,
    options: { includecheck: true },
  },
  Code93: {
    encoder: 'code93',
    needs: ascii,
    read: code93Read,
    look: linear,
    options: { includecheck: true },
  },
  DataMatrix: datamatrix,
  DPMDataMatrix: { ...datamatrix, options: { dotty: true } },
  EAN13: ean13,
  EAN2: { encoder: 'ean2', needs: '2 digits', read: digits(2), look: retail },
  EAN5: { encoder: 'ean5', needs: '5 digits', read: digits(5), look: retail },
  EAN8: ean8,
  GS1DataBarExpanded: { encoder: 'databarexpanded', needs: isGs1, read: gs1, look: databar },
  GS1DataBarExpandedStacked: { encoder: 'databarexpandedstacked', needs: isGs1, read: gs1, look: databar },
  GS1DataBarLimited: {
    encoder: 'databarlimited',
    needs: `${isTradeItem}; the first is 0 or 1`,
    read: tradeItem,
    look: databar,
  },
  GS1DataBarOmnidirectional: { encoder: 'databaromni', needs: isTradeItem, read: tradeItem, look: databar },
  GS1DataBarStacked: { encoder: 'databarstacked', needs: isTradeItem, read: tradeItem, look: databar },
  GTIN12: upca,
  GTIN13: ean13,
  GTIN14: itf14,
  GTIN8: ean8,
  IntelligentMail: {
    encoder: 'onecode',
    needs: '20 digits, of which the second is at most 4, and behind them none, 5, 9 or 11 of the ZIP code',
    read: (value) => {
      const read = digits(20, 25, 29, 31)(value);
      return read !== undefined && /^\d[0-4]/.test(read.text) ? read : undefined;
    },
    look: postal,
  },
  Interleaved2of5: pairs,
  ITF14: itf14,
  MaxiCode: { encoder: 'maxicode', needs: `${isText} of up to 93 characters`, read: maxiRead, look: matrix },
  MICR: { why: 'MICR is no barcode but a line in a typeface, E-13B, that is not here' },
  MicroPDF: micropdf,
  MSI: { encoder: 'msi', needs: 'digits', read: digits(), look: linear, options: { includecheck: true } },
  PatchCode: {
    encoder: 'raw',
    needs: `one of ${Object.keys(patches).join(', ')}`,
    read: patchRead,
    look: { ...linear, height: 72, text: false },
  },
  PDF417: pdf417,
  Pharmacode: {
    encoder: 'pharmacode',
    needs: 'a number from 3 to 131070',
    read: (value) => {
      const read = matching(/^\d{1,6}$/)(value);
      return read && Number(read.text) >= 3 && Number(read.text) <= 131_070 ? read : undefined;
    },
    look: { ...linear, text: false },
  },
  PostNet: { encoder: 'postnet', needs: '5, 9 or 11 digits', read: digits(5, 9, 11), look: postal },
  PZN: {
    encoder: 'pzn',
    needs: '6 digits, 7 of which the last is their check digit, or 8 of which the last is',
    read: pznRead,
    look: linear,
  },
  QRCode: { encoder: 'qrcode', needs: `${isText} of up to 4,000 characters`, read: qrText, look: qr },
  RoyalMail: {
    encoder: 'royalmail',
    needs: 'capital letters and digits: postcode and delivery point',
    read: capitals(/^[0-9A-Z]{1,20}$/),
    look: postal,
  },
  RoyalMailKIX: kix,
  Trioptic: { encoder: 'raw', needs: '6 capital letters or digits', read: triopticRead, look: linear },
  UPCA: upca,
  UPCE: {
    encoder: 'upce',
    needs: '6, 7 or 8 digits, or the 11 or 12 of a UPC-A that can be shortened',
    read: withAddOn(upceRead),
    look: retail,
  },
  UPU: {
    encoder: 'code128',
    needs:
      '8 digits and their check digit, or these between two letters and two letters, such as RR473124829FI',
    read: postalUnionRead,
    look: linear,
  },
  Bookland: isbn,
  DeutschePostIdentcode: { encoder: 'identcode', needs: ean(11), read: digits(11, 12), look: linear },
  DeutschePostLeitcode: { encoder: 'leitcode', needs: ean(13), read: digits(13, 14), look: linear },
  DutchKix: kix,
  EAN128: gs1Code128,
  EAN14: {
    encoder: 'ean14',
    needs: isTradeItem,
    read: tradeItem,
    look: linear,
  },
  GS1_128: gs1Code128,
  GS1_DataMatrix: { encoder: 'gs1datamatrix', needs: isGs1, read: gs1, look: matrix },
  GS1_DataBar_Stacked_Omnidirectional: {
    encoder: 'databarstackedomni',
    needs: isTradeItem,
    read: tradeItem,
    look: databar,
  },
  GS1_DataBar_Truncated: { encoder: 'databartruncated', needs: isTradeItem, read: tradeItem, look: databar },
  I2of5: pairs,
  ISBN: isbn,
  JAN13: ean13,
  MacroPDF417: {
    ...pdf417,
    remark: 'MacroPDF417 is drawn as PDF417: one symbol, without the block that joins several.',
  },
  MicroPDF417: micropdf,
  Numly: { ...code128, needs: '19 digits', read: digits(19) },
  OpticalProduct: { ...pairs, needs: ean(9), read: checkedPairs(9) },
  PDF417Truncated: { ...pdf417, encoder: 'pdf417compact' },
  Planet: { encoder: 'planet', needs: '11 or 13 digits', read: digits(11, 13), look: postal },
  Plessey: {
    encoder: 'plessey',
    needs: 'digits and letters from A to F',
    read: capitals(/^[0-9A-F]+$/),
    look: linear,
  },
  SingaporePostalCode: { encoder: 'royalmail', needs: '6 digits', read: digits(6), look: postal },
  SwissPostParcel: { ...code128, needs: '18 digits', read: digits(18) },
  Telepen: { encoder: 'telepen', needs: ascii, read: asciiRead, look: linear },
  USPSSackLabel: { ...pairs, needs: '8 digits', read: digits(8) },
  USPSTrayLabel: { ...pairs, needs: '10 digits', read: digits(10) },
};

/** Characters of a value that anything looks at. */
export const valueLengthMax = 4_000;
/** Of a linear code: more would be a picture of many metres. */
const linearLengthMax = 250;

/** What is to be drawn, ready for the encoder. */
export interface Plan {
  readonly encoder: string;
  readonly text: string;
  readonly options: EncoderOptions;
  readonly look: Look;
}

/** A plan, or why there is none: as the end of the sentence `The field "value" is not valid: ...`. */
export function planOf(
  type: BarcodeType,
  symbology: Symbology,
  value: string,
): Plan | { readonly misfit: string } {
  const { look, encoder, options } = symbology;
  const isTooLong = value.length > (look.text ? linearLengthMax : valueLengthMax);
  const read = isTooLong ? undefined : symbology.read(value);
  if (read === undefined) return { misfit: misfitOf(type, symbology, isTooLong ? 'too-long' : undefined) };
  const caption = look.text ? captionOf(read.caption) : {};
  const { height } = look;
  return {
    encoder: read.encoder ?? encoder,
    text: read.text,
    options: { ...options, ...read.options, ...caption, ...(height !== undefined && { height }) },
    look,
  };
}

function captionOf(caption: string | undefined): EncoderOptions {
  if (caption === undefined) return { includetext: true };
  return { alttext: caption.replaceAll(/\p{Cc}+/gu, ' ') };
}

/** Why the encoder did not take a value that `planOf` let through. */
export type Complaint = 'too-long' | 'check-digit' | 'other';

/** The same as of `planOf`. */
export function misfitOf(type: BarcodeType, { needs }: Symbology, complaint: Complaint = 'other'): string {
  const about = { 'too-long': 'it is too long: ', 'check-digit': 'its check digit is wrong: ', other: '' }[
    complaint
  ];
  return `${about}a barcode of the type ${type} needs ${needs}`;
}
