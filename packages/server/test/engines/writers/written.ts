import type { ReadingOutput, ReadingSettings } from '../../../src/engines/capabilities.ts';
import type { Page } from '../../../src/engines/pdfium/page.ts';
import { writerFor } from '../../../src/engines/pdfium/writers/index.ts';
import type { OpenPage } from '../../../src/engines/pdfium/writers/writer.ts';
import { settings as usual } from '../layout/made-page.ts';

/** Pages that open to nothing: of their pictures none can be read. */
const closed: OpenPage = { picture: () => Promise.resolve(undefined) };

interface Chosen {
  readonly settings?: Partial<ReadingSettings>;
  readonly open?: OpenPage;
}

/** What a writer makes of pages, and what it says of that. */
export async function written(
  output: ReadingOutput,
  pages: readonly Page[],
  { settings = {}, open = closed }: Chosen = {},
): Promise<{ readonly text: string; readonly warnings: readonly string[] }> {
  const parts: string[] = [];
  const warnings: string[] = [];
  const writer = await writerFor(output, {
    out: { write: (part) => void parts.push(String(part)) },
    settings: { ...usual, ...settings },
    pageCount: pages.length,
    warn: (text) => void warnings.push(text),
  });
  for (const page of pages) await writer.page(page, open);
  await writer.end();
  return { text: parts.join(''), warnings };
}
