import type { Cells } from '../fixtures/fixture.ts';
import type { Reader } from './reader.ts';

/** What we use of the package `pdf-parse` 2. */
interface PdfParse {
  readonly PDFParse: new (source: { readonly data: Uint8Array; readonly verbosity: number }) => {
    getText(options: { readonly pageJoiner: string }): Promise<{ readonly text: string }>;
    getTable(): Promise<{ readonly pages: readonly { readonly tables: readonly Cells[] }[] }>;
    destroy(): Promise<void>;
  };
}

/** No dependency, as it brings 87 MB: it takes part where somebody installed it. */
const PACKAGE = 'pdf-parse';

/** PDF.js by way of the package that most use for text. Undefined where it is not installed. */
export async function foundPdfParse(): Promise<Reader | undefined> {
  let library: PdfParse;
  try {
    library = (await import(PACKAGE)) as PdfParse;
  } catch {
    return undefined;
  }
  return {
    name: 'pdf-parse',
    async read({ bytes }) {
      // PDF.js takes the bytes away from who hands them over.
      const parser = new library.PDFParse({ data: Uint8Array.from(bytes), verbosity: 0 });
      try {
        const { text } = await parser.getText({ pageJoiner: '' });
        const { pages } = await parser.getTable();
        return { text, inOrder: text, tables: pages.flatMap((page) => page.tables) };
      } finally {
        await parser.destroy();
      }
    },
  };
}
