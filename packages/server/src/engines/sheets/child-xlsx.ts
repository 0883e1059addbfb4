import type { WorkBook } from '@e965/xlsx';
import { rmSync } from 'node:fs';
import { posix } from 'node:path';
import { charactersOf, encodingOfXml } from './child-encoding.ts';
import { NumberFormats } from './child-format.ts';
import type { Package } from './child-package.ts';
import { tableOfXlsx } from './child-xlsx-sheet.ts';
import { sharedTexts } from './child-xlsx-text.ts';
import { attributesOf, elementsOf } from './child-xml.ts';
import type { Table } from './table.ts';

/** What SheetJS tells of a workbook of XLSX besides its sheets. */
interface Listed {
  readonly Directory?: { readonly workbooks?: readonly string[] };
  readonly Workbook?: {
    readonly Sheets?: readonly { readonly id?: string }[];
    readonly WBProps?: { readonly date1904?: unknown };
  };
  readonly Styles?: {
    readonly CellXf?: readonly { readonly numFmtId?: unknown }[];
    readonly NumberFmt?: Readonly<Record<number, string>>;
  };
  readonly SSF?: Readonly<Record<number, string>>;
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

/** Reads the sheets of XLSX row by row, from files that it unpacks them into; of all else of a workbook SheetJS tells. */
export class XlsxReader {
  readonly #package: Package;
  readonly #listed: Listed;
  readonly #formats: NumberFormats;
  readonly #relations: ReadonlyMap<string, Relation>;
  readonly #scratch: (name: string) => string;
  readonly #files: string[] = [];
  #texts: readonly string[] | undefined;
  #lacksResults = false;

  /** `scratch`: where a file of a name may lie until `close`. */
  constructor(source: Package, workbook: WorkBook, scratch: (name: string) => string) {
    const listed = workbook as unknown as Listed;
    const { CellXf = [], NumberFmt = {} } = listed.Styles ?? {};
    const styles = CellXf.map(({ numFmtId }) => (typeof numFmtId === 'number' ? numFmtId : 0));
    const date1904 = listed.Workbook?.WBProps?.date1904;
    this.#package = source;
    this.#listed = listed;
    this.#formats = new NumberFormats(
      styles,
      { ...listed.SSF, ...NumberFmt },
      date1904 === true || date1904 === 'true' || date1904 === '1',
    );
    this.#scratch = scratch;
    const [path = 'xl/workbook.xml'] = listed.Directory?.workbooks ?? [];
    this.#relations = this.#relationsOf(path.replace(/^\//, ''));
  }

  /** Whether a sheet at a position can be read here: the workbook has to say in the usual way where it is. */
  knows(position: number): boolean {
    const { type, target } = this.#relationOf(position) ?? {};
    return (
      type !== undefined &&
      (type !== 'worksheet' || (/\.xml$/i.test(target ?? '') && this.#package.has(target ?? '')))
    );
  }

  get lacksResults(): boolean {
    return this.#lacksResults;
  }

  /** Undefined where the sheet is no table, as a chart. Throws Refused, and Unordered. */
  async read(position: number, name: string): Promise<Table | undefined> {
    const { type, target = '' } = this.#relationOf(position) ?? {};
    if (type !== 'worksheet') return undefined;
    const file = await this.#unpacked(target);
    const encoding = encodingOfXml(file);
    const links = new Map<string, string>();
    for (const [id, relation] of this.#relationsOf(target))
      if (relation.type === 'hyperlink') links.set(id, relation.target);
    const sheet = {
      number: position + 1,
      name,
      pieces: () => charactersOf(file, encoding),
      texts: (this.#texts ??= await this.#sharedTexts()),
      formats: this.#formats,
      links,
    };
    return tableOfXlsx(sheet, () => (this.#lacksResults = true));
  }

  close(): void {
    for (const file of this.#files) rmSync(file, { force: true });
  }

  #relationOf(position: number): Relation | undefined {
    return this.#relations.get(this.#listed.Workbook?.Sheets?.[position]?.id ?? '');
  }

  async #sharedTexts(): Promise<string[]> {
    const target = [...this.#relations.values()].find(({ type }) => type === 'sharedStrings')?.target ?? '';
    if (!this.#package.has(target)) return [];
    const file = await this.#unpacked(target);
    return sharedTexts(charactersOf(file, encodingOfXml(file)));
  }

  async #unpacked(part: string): Promise<string> {
    const file = this.#scratch(`scratch-${this.#files.length + 1}`);
    this.#files.push(file);
    await this.#package.unpack(part, file);
    return file;
  }

  /** What a part refers to, by ids; other parts by their names, and what lies outside as it is written. */
  #relationsOf(part: string): Map<string, Relation> {
    const folder = posix.dirname(part);
    const text = this.#package.text(`${folder}/_rels/${posix.basename(part)}.rels`) ?? '';
    const relations = new Map<string, Relation>();
    for (const { attributes } of elementsOf([text], 'Relationship')) {
      const found = attributesOf(attributes);
      const [id = '', type = '', target = ''] = ['Id', 'Type', 'Target'].map((name) => found.get(name));
      const isOutside = found.get('TargetMode')?.toLowerCase() === 'external';
      const inside = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      relations.set(id, { type: type.split('/').at(-1) ?? '', target: isOutside ? target : inside });
    }
    return relations;
  }
}
