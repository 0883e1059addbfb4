import { documentDate, type DocumentDate } from './dates.ts';
import type { Facts } from './facts.ts';
import type { Xmp } from './xmp.ts';

/** The document information (ISO 32000-2, 14.3.3); undefined is what the document does not say, or says with no character. */
export interface Information {
  readonly title: string | undefined;
  readonly author: string | undefined;
  readonly subject: string | undefined;
  readonly keywords: string | undefined;
  /** The program with which it was written. */
  readonly creator: string | undefined;
  /** The program that made it a PDF. */
  readonly producer: string | undefined;
  readonly created: DocumentDate | undefined;
  readonly modified: DocumentDate | undefined;
}

/** Reads the information dictionary, and the metadata for what it does not say. */
export function information(facts: Facts, xmp: Xmp): Information {
  const dictionary = facts.dictionary(facts.file.trailer, 'Info');
  const said = (key: string, property: string, separator?: string): string | undefined => {
    const text = facts.textOf(dictionary, key)?.replace(/\0+$/, '');
    if (text !== undefined && text.trim() !== '') return text;
    const values = xmp.get(property);
    return separator === undefined ? values?.[0] : values?.join(separator);
  };
  const date = (key: string, property: string): DocumentDate | undefined => {
    const text = said(key, property);
    return text === undefined ? undefined : documentDate(text);
  };
  return {
    title: said('Title', 'dc:title'),
    author: said('Author', 'dc:creator', '; '),
    subject: said('Subject', 'dc:description'),
    keywords: said('Keywords', 'pdf:Keywords') ?? xmp.get('dc:subject')?.join(', '),
    creator: said('Creator', 'xmp:CreatorTool'),
    producer: said('Producer', 'pdf:Producer'),
    created: date('CreationDate', 'xmp:CreateDate'),
    modified: date('ModDate', 'xmp:ModifyDate'),
  };
}
