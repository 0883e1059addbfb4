import * as core from '@octavo/pdf';
import type { Files } from '../../sandbox/child.ts';
import { refusalOf } from '../../sandbox/refusal.ts';
import { orientationOf, type PicturePage } from './child-page.ts';
import { pagesOf } from './child-pages.ts';
import { type MadeReply, pictureName, resultName, type ToPdfRequest } from './messages.ts';
import { fitted, pageSize, type Size } from './page-size.ts';

/** Writes a document of which each picture is a page; one that a file has several of, as many pages. */
export async function toPdf({ count, sizes, hasFonts }: ToPdfRequest, files: Files): Promise<MadeReply> {
  const sink = core.fileSink(files.output(resultName));
  const document = core.pictureDocument(sink);
  const warnings: string[] = [];
  let input = 0;
  let pageCount = 0;
  try {
    for (; input < count; input++) {
      const say = (text: string) => warnings.push(`Document ${input + 1}: ${text}`);
      for await (const page of pagesOf(files.input(pictureName(input)), hasFonts, say)) {
        const asked = sizes?.[pageCount++];
        document.add({
          picture: page.picture,
          ...(asked === undefined ? sizeOf(page) : fitted(asked)),
          orientation: orientationOf(page),
        });
      }
    }
    return { ...document.finish(), warnings };
  } catch (error) {
    sink.discard();
    return { refused: { ...refusalOf(error, core.PdfError), input } };
  }
}

/** Points of the page, which shows the picture as it is meant. */
function sizeOf(page: PicturePage): Size {
  const { width, height } = pageSize(page.picture, page.perInch);
  return orientationOf(page) >= 5 ? { width: height, height: width } : { width, height };
}
