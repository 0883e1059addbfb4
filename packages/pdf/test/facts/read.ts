import { bytesSource, info, type DocumentInfo, type InfoOptions } from '../../src/index.ts';
import { buildPdf, type Objects, type StreamText } from '../builder.ts';
import { document } from '../carriers/result.ts';

/** What is told of a file, with all that may be asked for. */
export function told(file: Uint8Array, options: InfoOptions = {}): DocumentInfo {
  return info(bytesSource(file), {
    bookmarks: true,
    form: true,
    attachments: true,
    scripts: true,
    ...options,
  });
}

/** What is told of a document of one page, with entries of its catalog and its page, and objects from 4 on. */
export function toldOf(catalog: string, page = '', objects: Objects = {}): DocumentInfo {
  return told(document(catalog, page, objects));
}

/** What is told of a document with these entries in its information dictionary, and this packet of XMP. */
export function toldOfInformation(entries: string, xmp: string | StreamText = 'null'): DocumentInfo {
  return told(
    buildPdf(
      {
        1: `<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>`,
        2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>',
        4: `<< ${entries} >>`,
        5: xmp,
      },
      { trailer: '/Info 4 0 R' },
    ),
  );
}
