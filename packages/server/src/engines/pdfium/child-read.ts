import type { Files } from '../../sandbox/child.ts';
import { type FileOut, openOut } from '../writing/child-out.ts';
import { OpenedPage } from './child-page.ts';
import { emptyPage, readPages } from './child-pages.ts';
import { type PagesReply, type ReadRequest, resultName } from './messages.ts';
import { writerFor } from './writers/index.ts';
import type { Out } from '../writing/out.ts';

const noPictures = { picture: async () => undefined };

/** Writes pages of a document in another format. Throws PdfError, Refused, and errors of the system. */
export async function read(request: ReadRequest, files: Files, repairs: boolean): Promise<PagesReply> {
  const { output, settings, part } = request;
  let file: FileOut | undefined;
  let isMuted = part.from > 0;
  const out: Out = { write: (piece) => (isMuted ? undefined : file?.write(piece)) };
  try {
    return await readPages(request, files, repairs, async (pageCount, remarks) => {
      // What is refused leaves no file behind, as its job may come again with another document.
      file = openOut(files.output(resultName(part.from)));
      const warn = (text: string) => remarks.sentence(text);
      const writer = await writerFor(output, { out, settings, pageCount, warn });
      // What comes before the first page is said by the first part, and to be behind a page is all that a writer knows of the others.
      if (isMuted) await writer.page(emptyPage(0), noPictures);
      isMuted = false;
      return {
        page: (page) => writer.page(page, page instanceof OpenedPage ? page : noPictures),
        end: () => writer.end(),
      };
    });
  } finally {
    file?.close();
  }
}
