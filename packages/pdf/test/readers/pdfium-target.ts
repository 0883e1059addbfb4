import { pdfium, withBytes, written } from './pdfium-memory.ts';

/** Where a link, an outline item or a name leads. */
export type Target =
  | { readonly page: number; readonly view: number; readonly parameters: readonly number[] }
  | { readonly uri: string }
  | { readonly file: string; readonly action: number }
  | undefined;

/** Items of an outline and kids of a structure element that are read at most: outlines may go in circles. */
export const NODES_MAX = 10_000;

const GO_TO = 1;
const URI = 3;

/** What a destination or else an action means. */
export function target(document: number, destination: number, action: number): Target {
  const kind = action === 0 ? GO_TO : pdfium.FPDFAction_GetType(action);
  // Of a GoToR action too it answers a destination, with a page of another file.
  if (destination !== 0 && kind === GO_TO) {
    const page = pdfium.FPDFDest_GetDestPageIndex(document, destination);
    return withBytes(20, (at, bytes) => {
      const view = pdfium.FPDFDest_GetView(destination, at + 16, at);
      const count = bytes().readUInt32LE(16);
      const parameters = Array.from({ length: count }, (_, index) => bytes().readFloatLE(index * 4));
      // Of /XYZ it answers no parameters; they are asked for by themselves.
      return { page, view, parameters: view === 1 ? location(destination) : parameters };
    });
  }
  if (action === 0) return undefined;
  if (kind === URI)
    return {
      uri: written((at, length) => pdfium.FPDFAction_GetURIPath(document, action, at, length)).toString(),
    };
  const file = written((at, length) => pdfium.FPDFAction_GetFilePath(action, at, length)).toString();
  return { file, action: kind };
}

/** Left, top and zoom of an /XYZ destination; -1 stands for what it leaves as it is. */
function location(destination: number): number[] {
  return withBytes(24, (at, bytes) => {
    pdfium.FPDFDest_GetLocationInPage(destination, at, at + 4, at + 8, at + 12, at + 16, at + 20);
    return [0, 1, 2].map((index) =>
      bytes().readInt32LE(index * 4) === 0 ? -1 : bytes().readFloatLE(12 + index * 4),
    );
  });
}
