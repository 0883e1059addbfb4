import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { bytesSource, type DocumentInfo, info } from '@octavo/pdf';
import type {
  BrowsingSettings,
  FileHandle,
  PrintSettings,
  WebPage,
} from '../../../src/engines/capabilities.ts';
import { browseLimits, chromiumProgram, createChromiumEngine } from '../../../src/engines/chromium/engine.ts';
import { findBrowser } from '../../../src/engines/chromium/places.ts';
import type { BrowseLimits } from '../../../src/engines/chromium/messages.ts';
import type { Engine, EngineContext } from '../../../src/engines/engine.ts';
import {
  createPdfiumEngine,
  pdfiumPicturesProgram,
  pdfiumProgram,
} from '../../../src/engines/pdfium/engine.ts';
import { printSettings } from '../../../src/operations/printing.ts';
import { readingSettings } from '../../../src/operations/reading.ts';
import type { BoxPool, Tier } from '../../../src/sandbox/sandbox.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

/** What is said of a page, as far as it is not as in a call that says nothing. */
export interface Asked {
  readonly data?: string;
  readonly isTemplate?: true;
  readonly print?: Partial<PrintSettings>;
  readonly browsing?: Partial<BrowsingSettings>;
  readonly context?: Partial<EngineContext>;
}

/** A document that was made of a page. */
export interface Printed {
  readonly file: FileHandle;
  readonly facts: DocumentInfo;
  readonly title: string | undefined;
  readonly warnings: readonly string[];
  /** What stands on its pages. */
  text(): Promise<string>;
}

/** A browser in boxes, for the suite that calls this. */
export interface OpenBrowser {
  readonly workshop: Workshop;
  readonly engine: () => Engine;
  readonly pool: () => BoxPool;
  /** A page as a file. */
  page(html: string | Uint8Array, data?: string): WebPage;
  print(page: string | Uint8Array | WebPage, asked?: Asked): Promise<Printed>;
  /** A test that is skipped where there is no browser, and fails where all is required. */
  test(name: string, run: () => Promise<void>): void;
}

export interface BrowserOptions {
  readonly door?: (stream: Duplex) => void;
  readonly loadsResources?: boolean;
  readonly limits?: Partial<BrowseLimits>;
  readonly tier?: Tier;
  readonly memoryBytesMax?: number;
}

/** Opens one; `door` gets the way out of its boxes, which leads nowhere where it is left out. */
export function openBrowser(options: BrowserOptions = {}): OpenBrowser {
  const { door = (stream) => void stream.destroy(), loadsResources = true, limits, memoryBytesMax } = options;
  const browser = findBrowser();
  const isRequired = process.env['OCTAVO_REQUIRE_ENGINES'] === '1';
  let engine: Engine;
  let pool: BoxPool;
  let reader: Engine;
  const workshop = openWorkshop(options.tier, (sandbox, folder) => {
    if (browser === undefined) return;
    const own = memoryBytesMax === undefined ? {} : { memoryBytesMax };
    pool = sandbox.pool(chromiumProgram({ size: 1, browser, door, ...own }));
    engine = createChromiumEngine(pool, {
      directory: folder,
      loadsResources,
      limits: { ...browseLimits, ...limits },
    });
    reader = createPdfiumEngine(
      {
        plain: sandbox.pool({ ...pdfiumProgram({ size: 1 }), warm: 0 }),
        pictures: sandbox.pool({ ...pdfiumPicturesProgram({ size: 1 }), warm: 0 }),
      },
      { directory: folder, boxes: 1 },
    );
  });
  const page = (html: string | Uint8Array, data?: string): WebPage => ({
    html: workshop.file(html, 'page.html'),
    data: data === undefined ? undefined : workshop.file(data, 'data'),
  });
  async function textOf(document: FileHandle): Promise<string> {
    const settings = readingSettings({}, {});
    const output = { as: 'text-simple', lineEnding: '\n' } as const;
    const read = await reader.abilities['pdf.read']?.(
      { document, pages: '', settings, output },
      workshop.context(),
    );
    return read === undefined ? '' : readFileSync(read.file.path, 'utf8');
  }
  return {
    workshop,
    engine: () => engine,
    pool: () => pool,
    page,
    async print(of, { data, isTemplate, print, browsing, context } = {}) {
      const made = typeof of === 'string' || of instanceof Uint8Array ? page(of, data) : of;
      const plain = printSettings({});
      const asked = {
        page: isTemplate && 'html' in made ? { ...made, isTemplate } : made,
        browsing: { ...plain.browsing, ...browsing },
        print: { ...plain.print, ...print },
      };
      const printed = await engine.abilities['web.to-pdf']?.(asked, workshop.context(context));
      if (printed === undefined) throw new Error('there is no browser');
      const { file, warnings } = printed;
      const facts = info(bytesSource(readFileSync(file.path)));
      return { file, warnings, facts, title: facts.information.title, text: () => textOf(file) };
    },
    test(name, run) {
      workshop.test(name, async (t) => {
        if (browser === undefined && !isRequired) return t.skip('there is no browser');
        return run();
      });
    },
  };
}
