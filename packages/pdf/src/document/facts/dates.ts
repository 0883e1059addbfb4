/** A date of a document. */
export interface DocumentDate {
  /** As it stands in the file. */
  readonly raw: string;
  /**
   * In ISO 8601, such as `2020-08-07T11:17:29+02:00`, without an offset where the file gives none; undefined where the
   * text is no date. What the file leaves out is the first of the year, month or day.
   */
  readonly iso: string | undefined;
  /** Minutes by which the time is ahead of UTC; undefined where the file does not say. */
  readonly offsetMinutes: number | undefined;
}

/** Characters of a date that are looked at and kept. */
const CHARACTERS_MAX = 100;

const PDF_DATE =
  /^(?:D:)?\s*(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,]\d*)?)?)?)?)?)?\s*(?:([Zz]|[+-])(?:(\d\d)'?:?(?:(\d\d)'?)?)?)?'?\s*$/;
const ISO_DATE =
  /^(?:D:)?\s*(\d{4})-(\d\d?)(?:-(\d\d?)(?:[Tt ]\s*(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d*)?)?)?)?\s*(?:([Zz]|[+-])(?:(\d\d):?(?:(\d\d))?)?)?\s*$/;
/** Writers that took the year 2000 for 19 and 100. */
const YEAR_OF_FIVE_DIGITS = /^(?:D:)?19(1\d\d)(?=\d{10}(?!\d))/;

/** Reads a date as the specification has it (ISO 32000-2, 7.9.4), or as ISO 8601, as XMP has it and some writers use. */
export function documentDate(text: string): DocumentDate {
  const raw = text.slice(0, CHARACTERS_MAX);
  const mended = raw.trim().replace(YEAR_OF_FIVE_DIGITS, (_, years: string) => String(1900 + Number(years)));
  const match = ISO_DATE.exec(mended) ?? PDF_DATE.exec(mended);
  if (match === null) return { raw, iso: undefined, offsetMinutes: undefined };
  const [year, month = '01', day = '01', hour = '00', minute = '00', second = '00'] = match.slice(1, 7);
  const local = `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${minute}:${second}`;
  const offset = offsetOf(match[7], match[8], match[9]);
  if (!isDate(local) || offset === 'none') return { raw, iso: undefined, offsetMinutes: undefined };
  return { raw, iso: local + offsetText(offset), offsetMinutes: offset };
}

function pad(digits: string): string {
  return digits.padStart(2, '0');
}

/** Whether there is such a time: JavaScript lets the 31st of February be the 3rd of March. */
function isDate(local: string): boolean {
  const time = Date.parse(`${local}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(local);
}

function offsetOf(sign: string | undefined, hours = '00', minutes = '00'): number | undefined | 'none' {
  if (sign === undefined) return undefined;
  if (sign === 'Z' || sign === 'z') return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return 'none';
  const offset = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? 0 - offset : offset;
}

function offsetText(offset: number | undefined): string {
  if (offset === undefined) return '';
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${pad(String(Math.floor(minutes / 60)))}:${pad(String(minutes % 60))}`;
}
