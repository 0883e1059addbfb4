import { PdfError } from '../../errors.ts';
import { filterSteps } from '../../file/filter-steps.ts';
import { decodeSound } from '../../filters/sound.ts';
import { nameOf, numberOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';
import { readContent, type Operands } from '../../syntax/content.ts';
import type { Document } from '../document.ts';
import { rectangleOf } from '../page.ts';
import { CATEGORIES, Resources, type Category, type Scope } from './resources.ts';
import { IDENTITY, product, Scales, type Linear } from './scales.ts';

/** Bytes of one content without its filters, and of all contents of a document; what is larger is not understood. */
const CONTENT_BYTES_MAX = 32 * 1024 * 1024;
const ALL_BYTES_MAX = 512 * 1024 * 1024;
/** Levels of `q`. */
const SAVED_MAX = 10_000;

const CONCERNS = new Set(['q', 'Q', 'cm', 'Do', 'gs', 'Tf', 'sh', 'scn', 'SCN']);

/** A content that is run: that of a page, a form, a pattern, an appearance or a glyph. */
export interface Content {
  /** How large its space is shown, once everything is known. */
  readonly scales: Scales;
  /** What it runs in turn. */
  readonly runs: Map<Content, Scales>;
  /** Pictures that it shows, by number. */
  readonly pictures: Map<number, Scales>;
  readonly scope: Scope | undefined;
  /** Its data: objects of which each is a stream. */
  readonly streams: readonly PdfObject[];
  state: 'unread' | 'open' | 'done';
}

/**
 * Reads all contents of a document that lead from what `roots` are given, each once for each scope, without recursion: what
 * they use of their resources, and how large they show pictures.
 */
export class ContentWalk {
  readonly resources: Resources;
  /** Numbers of the forms and patterns that were reached. */
  readonly reached = new Set<number>();
  readonly #document: Document;
  readonly #canonical: (number: number) => number;
  readonly #contents = new Map<string, Content>();
  /** After all that they run. */
  readonly #done: Content[] = [];
  /** Fonts that were looked at. */
  readonly #fonts = new Set<string>();
  #bytesLeft = ALL_BYTES_MAX;

  constructor(document: Document, canonical: (number: number) => number) {
    this.#document = document;
    this.#canonical = canonical;
    this.resources = new Resources(document.file, canonical);
  }

  /** Reads the contents of a page. `holder` is the object its resources stand in, or 0. */
  page(contents: PdfObject, resources: PdfObject, holder: number, unit: number): void {
    const list = this.#document.file.resolve(contents);
    const streams = Array.isArray(list) ? list : [contents];
    const content = this.#content(this.resources.scope(resources, holder), streams);
    content.scales.add([unit, 0, 0, unit]);
    this.#read(content);
  }

  /** Reads a form that something else than a content leads to. Without a matrix it may be shown in any size. */
  form(reference: PdfReference, matrix: Linear | undefined, keepsResources: boolean): void {
    const content = this.#form(reference, undefined);
    if (content === undefined) return;
    if (matrix === undefined) content.scales.endless();
    else content.scales.add(matrix);
    if (keepsResources && content.scope !== undefined) content.scope.usesAll = true;
    this.#read(content);
  }

  /** How large each picture is shown, once everything was read. */
  pictures(): ReadonlyMap<number, Scales> {
    const shown = new Map<number, Scales>();
    for (const content of this.#done.toReversed()) {
      for (const [next, steps] of content.runs) content.scales.addThrough(steps, next.scales);
      for (const [number, steps] of content.pictures)
        content.scales.addThrough(
          steps,
          entry(shown, number, () => new Scales()),
        );
    }
    return shown;
  }

  #content(scope: Scope | undefined, streams: readonly PdfObject[]): Content {
    return { scales: new Scales(), runs: new Map(), pictures: new Map(), scope, streams, state: 'unread' };
  }

  /** The content of a form or a pattern; one without resources uses those of what runs it. */
  #form(reference: PdfReference, outer: Scope | undefined): Content | undefined {
    const { file } = this.#document;
    const number = this.#canonical(reference.number);
    const stream = file.has(reference.number, reference.generation) ? file.object(number) : null;
    if (!(stream instanceof PdfStream)) return undefined;
    this.reached.add(number);
    const own = this.resources.scope(stream.dictionary.get('Resources'), number);
    const scope = own ?? outer;
    const { place } = scope ?? { place: { number: 0, isObject: false } };
    const key = own === undefined ? `${number} in ${place.number} ${place.isObject}` : String(number);
    if (own === undefined && outer !== undefined && place.number === 0) outer.usesAll = true;
    return entry(this.#contents, key, () =>
      this.#content(scope, [new PdfReference(number, file.table.generation(number))]),
    );
  }

  /** Reads a content and all that it runs. */
  #read(root: Content): void {
    if (root.state !== 'unread') return;
    const open = [{ content: root, next: this.#enter(root) }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const { content, next } = top;
      const { value } = next.next();
      if (value === undefined) {
        content.state = 'done';
        this.#done.push(content);
        open.pop();
      } else if (value.state === 'unread') open.push({ content: value, next: this.#enter(value) });
      // Readers stop somewhere in a loop: what is in it may be shown in any size.
      else if (value.state === 'open') value.scales.endless();
    }
  }

  #enter(content: Content): Iterator<Content, undefined> {
    content.state = 'open';
    const data = this.#data(content.streams);
    const reader = new ContentReader((category, name, matrix) => this.#use(content, category, name, matrix));
    const isUnderstood = data !== undefined && reader.read(data);
    if (!isUnderstood) this.#useAll(content);
    return content.runs.keys() as Iterator<Content, undefined>;
  }

  /** The data of all streams of a content, one after another; undefined where that is not certain. */
  #data(streams: readonly PdfObject[]): Uint8Array | undefined {
    const { file } = this.#document;
    const parts: Uint8Array[] = [];
    for (const each of streams) {
      if (!(each instanceof PdfReference)) {
        if (each === null) continue;
        return undefined;
      }
      const stream = file.has(each.number, each.generation) ? file.object(each.number) : null;
      if (stream === null) continue;
      if (!(stream instanceof PdfStream) || stream.dictionary.has('F')) return undefined;
      const bytesMax = Math.min(CONTENT_BYTES_MAX, this.#bytesLeft);
      if (stream.length > bytesMax) return undefined;
      try {
        const { limits } = file.reading;
        const steps = filterSteps(stream.dictionary, (object) => file.resolve(object), limits);
        const bytes = decodeSound(file.streamBytes(stream, each.number, each.generation), steps, bytesMax);
        if (bytes === undefined) return undefined;
        this.#bytesLeft -= bytes.length;
        file.reading.work.spend(bytes.length);
        parts.push(bytes.slice(), Uint8Array.of(10));
      } catch (error) {
        if (error instanceof PdfError && error.code !== 'limit') return undefined;
        throw error;
      }
    }
    return Buffer.concat(parts);
  }

  #use(content: Content, category: Category, name: string, matrix: Linear): void {
    const value = this.resources.use(content.scope, category, name);
    if (category === 'XObject') this.#xobject(content, value, matrix);
    else if (category === 'ExtGState') this.#state(content, value, matrix);
    else if (category === 'Font') this.#font(content, value);
    else if (category === 'Pattern') this.#pattern(content, value);
  }

  /** The content was not understood: it may use everything it has, and show it in any size. */
  #useAll(content: Content): void {
    const { scope } = content;
    if (scope === undefined) return;
    scope.usesAll = true;
    for (const category of CATEGORIES)
      for (const name of scope.units.get(category)?.entries.keys() ?? [])
        this.#use(content, category, name, [Infinity, 0, 0, Infinity]);
  }

  #xobject(content: Content, value: PdfObject, matrix: Linear): void {
    const { file } = this.#document;
    if (!(value instanceof PdfReference) || !file.has(value.number, value.generation)) return;
    const number = this.#canonical(value.number);
    const known = content.pictures.get(number);
    if (known !== undefined) return known.add(matrix);
    const object = file.object(number);
    if (!(object instanceof PdfStream)) return;
    if (nameOf(file.resolve(object.dictionary.get('Subtype'))) === 'Image')
      entry(content.pictures, number, () => new Scales()).add(matrix);
    else this.#run(content, value, product(this.#matrix(object.dictionary), matrix));
  }

  #run(content: Content, reference: PdfReference, matrix: Linear): void {
    const next = this.#form(reference, content.scope);
    if (next !== undefined) entry(content.runs, next, () => new Scales()).add(matrix);
  }

  /** A graphics state (ISO 32000-2, 8.4.5): a soft mask is drawn in the space at hand. */
  #state(content: Content, value: PdfObject, matrix: Linear): void {
    const state = this.#document.file.resolve(value);
    if (!(state instanceof Map)) return;
    const mask = this.#document.file.resolve(state.get('SMask'));
    const group = mask instanceof Map ? mask.get('G') : undefined;
    if (group instanceof PdfReference) {
      const form = this.#document.file.resolve(group);
      const own = form instanceof PdfStream ? this.#matrix(form.dictionary) : IDENTITY;
      this.#run(content, group, product(own, matrix));
    }
    const font = this.#document.file.resolve(state.get('Font'));
    if (Array.isArray(font)) this.#font(content, font[0] ?? null);
  }

  /** A pattern of tiles (ISO 32000-2, 8.7.3): its matrix leads to the space that the content began with. */
  #pattern(content: Content, value: PdfObject): void {
    if (!(value instanceof PdfReference)) return;
    const pattern = this.#document.file.resolve(value);
    if (pattern instanceof PdfStream) this.#run(content, value, this.#matrix(pattern.dictionary));
  }

  /** Of fonts, those of type 3 run contents, in any size (ISO 32000-2, 9.6.4). */
  #font(content: Content, value: PdfObject): void {
    const { file } = this.#document;
    const number = value instanceof PdfReference ? this.#canonical(value.number) : 0;
    if (number !== 0) {
      const { place } = content.scope ?? { place: { number: 0 } };
      const key = `${number} ${place.number}`;
      if (this.#fonts.has(key)) return;
      this.#fonts.add(key);
    }
    const font = number === 0 ? file.resolve(value) : file.object(number);
    if (!(font instanceof Map) || nameOf(file.resolve(font.get('Subtype'))) !== 'Type3') return;
    const own = this.resources.scope(font.get('Resources'), number);
    const scope = own ?? content.scope;
    if (scope !== undefined) scope.usesAll = true;
    const glyphs = file.resolve(font.get('CharProcs'));
    const streams = glyphs instanceof Map ? [...glyphs.values()] : [];
    for (const stream of streams) {
      const glyph = this.#content(scope, [stream]);
      entry(content.runs, glyph, () => new Scales()).endless();
    }
  }

  #matrix(dictionary: PdfDictionary): Linear {
    const { file } = this.#document;
    const matrix = file.resolve(dictionary.get('Matrix'));
    if (!Array.isArray(matrix)) return IDENTITY;
    const numbers = matrix.slice(0, 4).map((each) => numberOf(file.resolve(each)) ?? NaN);
    return numbers.length === 4 ? (numbers as unknown as Linear) : IDENTITY;
  }
}

/** Follows the space of one content, and tells of each resource that it uses in which matrix that is. */
class ContentReader {
  readonly #use: (category: Category, name: string, matrix: Linear) => void;
  #matrix: Linear = IDENTITY;
  readonly #saved: Linear[] = [];

  constructor(use: (category: Category, name: string, matrix: Linear) => void) {
    this.#use = use;
  }

  /** Answers whether all was understood. */
  read(bytes: Uint8Array): boolean {
    let isTooDeep = false;
    const isRead = readContent(bytes, CONCERNS, (operator, operands) => {
      if (operator === 'q') isTooDeep ||= this.#saved.push(this.#matrix) > SAVED_MAX;
      else this.#operator(operator, operands);
    });
    return isRead && !isTooDeep;
  }

  #operator(operator: string, { numbers, name }: Operands): void {
    if (operator === 'Q') this.#matrix = this.#saved.pop() ?? this.#matrix;
    else if (operator === 'cm') {
      const [a = NaN, b = NaN, c = NaN, d = NaN] = numbers.slice(-6);
      this.#matrix = product(numbers.length < 6 ? [NaN, NaN, NaN, NaN] : [a, b, c, d], this.#matrix);
    } else if (name !== undefined) {
      const category = NAMED_BY[operator];
      if (category !== undefined) this.#use(category, name, this.#matrix);
    }
  }
}

const NAMED_BY: Readonly<Record<string, Category>> = {
  Do: 'XObject',
  gs: 'ExtGState',
  Tf: 'Font',
  sh: 'Shading',
  scn: 'Pattern',
  SCN: 'Pattern',
};

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** The matrix that an appearance is shown by (ISO 32000-2, 12.5.5); undefined where its boxes make no sense. */
export function appearanceMatrix(
  dictionary: PdfDictionary,
  rectangle: PdfObject,
  resolve: (object: PdfObject) => PdfObject,
): Linear | undefined {
  const rect = rectangleOf(resolve(rectangle), resolve);
  const box = rectangleOf(resolve(dictionary.get('BBox') ?? null), resolve);
  const values = resolve(dictionary.get('Matrix') ?? null);
  const numbers = Array.isArray(values) ? values.map((each) => numberOf(resolve(each)) ?? NaN) : [1, 0, 0, 1];
  const [a = NaN, b = NaN, c = NaN, d = NaN] = numbers;
  if (rect === undefined || box === undefined) return undefined;
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const shown = [
    Math.abs(a) * width + Math.abs(c) * height,
    Math.abs(b) * width + Math.abs(d) * height,
  ] as const;
  const [x, y] = [(rect[2] - rect[0]) / shown[0], (rect[3] - rect[1]) / shown[1]];
  return [a * x, b * y, c * x, d * y];
}
