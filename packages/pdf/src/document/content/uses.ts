import { PdfError } from '../../errors.ts';
import { streamKeywordEnd } from '../../file/reading.ts';
import { numberOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';
import { Parser } from '../../syntax/parser.ts';
import type { Document } from '../document.ts';
import type { Page } from '../page-tree.ts';
import { eachReached } from '../reach.ts';
import type { Resources } from './resources.ts';
import type { Scales } from './scales.ts';
import { appearanceMatrix, ContentWalk } from './walk.ts';

/** What the contents of a document use. */
export interface ContentUses {
  readonly resources: Resources;
  /** How often objects that are reached refer to each. */
  readonly references: Uint32Array;
  /** Pictures that are reached, those that nothing shows too. */
  readonly pictures: readonly number[];
  /** How large each picture is shown, by number. */
  readonly shown: ReadonlyMap<number, Scales>;
}

/**
 * Reads all contents of a document. `equal` tells of objects that will be another, which is equal. Answers undefined where
 * that would take too much work.
 */
export function contentUses(document: Document, equal: ReadonlyMap<number, number>): ContentUses | undefined {
  const { work } = document.file.reading;
  try {
    work.renew();
    return read(document, (number) => equal.get(number) ?? number);
  } catch (error) {
    if (error instanceof PdfError && error.code === 'limit') return undefined;
    throw error;
  } finally {
    work.renew();
  }
}

function read(document: Document, canonical: (number: number) => number): ContentUses {
  const { file } = document;
  const references = new Uint32Array(file.table.length);
  const pictures: number[] = [];
  const forms: number[] = [];
  const annotations: number[] = [];
  eachReached(document, (number, raw, scan, found) => {
    if (canonical(number) !== number) return;
    for (let at = 0; at < found.length; at += 2) {
      const target = canonical(found[at]!);
      if (target < references.length) references[target]!++;
    }
    if (scan.find('AP') !== -1) annotations.push(number);
    if (raw === undefined || streamKeywordEnd(raw, scan) === -1) return;
    const subtype = scan.name('Subtype');
    if (subtype === 'Image') pictures.push(number);
    else if (subtype === 'Form' || scan.find('Resources') !== -1) forms.push(number);
  });
  const walk = new ContentWalk(document, canonical);
  for (const page of document.pages) readPage(document, page, walk);
  for (const number of annotations) readAppearances(document, number, walk);
  // What no content was seen to lead to may be shown by other means, such as the icons of buttons.
  for (const number of forms)
    if (!walk.reached.has(number)) {
      const generation = file.table.generation(number);
      walk.form(new PdfReference(number, generation), undefined, true);
    }
  return { resources: walk.resources, references, pictures, shown: walk.pictures() };
}

function readPage({ file }: Document, page: Page, walk: ContentWalk): void {
  const { direct, number, inherited } = page;
  const { nestingMax } = file.reading.limits;
  const dictionary =
    direct === undefined
      ? file.object(number)
      : new Parser(direct.bytes, direct.start, direct.end, nestingMax).object();
  if (!(dictionary instanceof Map)) return;
  const unit = numberOf(file.resolve(dictionary.get('UserUnit'))) ?? 1;
  const contents = dictionary.get('Contents') ?? null;
  const own = dictionary.get('Resources') ?? null;
  const above = inherited.find(({ key }) => key === 'Resources')?.raw;
  // As the copy has it: what is no dictionary does not hide what is above.
  const isOwn = file.resolve(own) instanceof Map || above === undefined;
  if (isOwn) return walk.page(contents, own, number, unit);
  const value = new Parser(above.bytes, above.start, above.end, nestingMax).object();
  walk.page(contents, value, above.number, unit);
}

/** All appearances of an annotation, with their resources kept: readers that draw them anew look there. */
function readAppearances({ file }: Document, number: number, walk: ContentWalk): void {
  const object = file.object(number);
  const dictionary = object instanceof PdfStream ? object.dictionary : object;
  if (!(dictionary instanceof Map)) return;
  for (const appearance of appearancesOf(dictionary, (each) => file.resolve(each))) {
    const stream = file.resolve(appearance);
    if (!(stream instanceof PdfStream)) continue;
    const rectangle = dictionary.get('Rect') ?? null;
    walk.form(
      appearance,
      appearanceMatrix(stream.dictionary, rectangle, (each) => file.resolve(each)),
      true,
    );
  }
}

function appearancesOf(annotation: PdfDictionary, resolve: (object: PdfObject) => PdfObject): PdfReference[] {
  const found: PdfReference[] = [];
  const all = resolve(annotation.get('AP') ?? null);
  const values = all instanceof Map ? [...all.values()] : [];
  for (const value of values) {
    const states = resolve(value);
    if (states instanceof Map)
      for (const state of states.values()) if (state instanceof PdfReference) found.push(state);
    if (value instanceof PdfReference && states instanceof PdfStream) found.push(value);
  }
  return found;
}
