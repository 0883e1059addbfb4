import type { PdfDictionary, PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';
import { PdfString } from '../../objects/string.ts';
import { ByteBuffer } from '../../syntax/byte-buffer.ts';
import { writeName, writeObject } from '../../syntax/write.ts';
import type { DocumentCopy } from '../copy.ts';
import { onDirectAnnotations } from './annotations-direct.ts';
import type { FieldTree } from './forms-read.ts';

/** Objects looked at to compare two fonts. */
const COMPARED_MAX = 200;

/** A resource and the document it is of. */
interface Resource {
  readonly copy: DocumentCopy;
  readonly object: PdfObject;
}

/** The default resources of all forms (ISO 32000-2, table 224, /DR): by category, then by name. */
export class FormResources {
  readonly #categories = new Map<string, Map<string, Resource>>();
  readonly #others = new Map<string, Resource>();
  readonly #fingerprints = new Map<Resource, string | undefined>();

  /**
   * Adds those of one form. Answers the fonts that got another name, because an earlier form has a different font of that
   * name: `Helv` of document 3 becomes `Helv~3`. Of other resources the first with a name stays.
   */
  add(copy: DocumentCopy, form: PdfDictionary, index: number): ReadonlyMap<string, string> {
    const { file } = copy.document;
    const renamed = new Map<string, string>();
    const resources = file.resolve(form.get('DR'));
    if (!(resources instanceof Map)) return renamed;
    for (const [category, entry] of resources) {
      const named = file.resolve(entry);
      if (!(named instanceof Map)) {
        if (!this.#others.has(category)) this.#others.set(category, { copy, object: entry });
        continue;
      }
      const known = this.#categories.get(category) ?? new Map<string, Resource>();
      this.#categories.set(category, known);
      for (const [name, object] of named) {
        const fresh = this.#place(known, name, { copy, object }, category === 'Font', index, named);
        if (fresh !== name) renamed.set(name, fresh);
      }
    }
    return renamed;
  }

  /** Writes the dictionary. */
  write(out: ByteBuffer): void {
    if (this.#categories.size === 0) return;
    out.ascii('/DR<<');
    for (const [category, named] of this.#categories) {
      writeName(out, category);
      out.ascii('<<');
      for (const [name, resource] of named) writeResource(out, name, resource);
      out.ascii('>>');
    }
    for (const [category, resource] of this.#others)
      if (!this.#categories.has(category)) writeResource(out, category, resource);
    out.ascii('>>');
  }

  #place(
    known: Map<string, Resource>,
    name: string,
    resource: Resource,
    isFont: boolean,
    index: number,
    own: PdfDictionary,
  ): string {
    const first = known.get(name);
    if (first === undefined) {
      known.set(name, resource);
      return name;
    }
    if (!isFont || this.#isSame(first, resource)) return name;
    let number = index + 1;
    while (known.has(`${name}~${number}`) || own.has(`${name}~${number}`)) number++;
    known.set(`${name}~${number}`, resource);
    return `${name}~${number}`;
  }

  #isSame(one: Resource, other: Resource): boolean {
    const text = this.#fingerprint(one);
    return text !== undefined && text === this.#fingerprint(other);
  }

  #fingerprint(resource: Resource): string | undefined {
    if (!this.#fingerprints.has(resource)) this.#fingerprints.set(resource, fingerprint(resource));
    return this.#fingerprints.get(resource);
  }
}

function writeResource(out: ByteBuffer, name: string, { copy, object }: Resource): void {
  writeName(out, name);
  out.byte(32);
  writeObject(out, object, copy);
}

/** A text that is the same for the same fonts; undefined for those with data of their own or too many parts. */
function fingerprint({ copy, object }: Resource): string | undefined {
  const numbers = new Map<string, number>();
  const pending = [object];
  const out = new ByteBuffer(256);
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const resolved = copy.document.file.resolve(next);
    if (resolved instanceof PdfStream || numbers.size > COMPARED_MAX) return undefined;
    writeObject(out, resolved, {
      // References in the order in which they are met, instead of the numbers of the file.
      reference(number, generation) {
        const key = `${number} ${generation}`;
        if (!numbers.has(key)) {
          numbers.set(key, numbers.size + 1);
          pending.push(new PdfReference(number, generation));
        }
        return numbers.get(key)!;
      },
    });
    out.byte(10);
  }
  return Buffer.from(out.view()).toString('latin1');
}

/** Lets the fields of a form use the new names of fonts in their default appearance (ISO 32000-2, 12.7.4.3). */
export function renameFonts(tree: FieldTree, renamed: ReadonlyMap<string, string>): void {
  if (renamed.size === 0) return;
  for (const field of tree.nodes()) {
    const appearance = tree.document.file.resolve(field.dictionary.get('DA'));
    const changed = withFonts(appearance, renamed);
    if (changed !== appearance) tree.change(field, 'DA', changed);
  }
}

/** Likewise notes that are written on the page, which look for their fonts in the form too (ISO 32000-2, 12.5.6.6). */
export function renameFontsOfNotes(
  { document, edits }: DocumentCopy,
  renamed: ReadonlyMap<string, string>,
): void {
  if (renamed.size === 0) return;
  const fresh = (appearance: PdfObject): PdfObject => withFonts(document.file.resolve(appearance), renamed);
  edits.onKeys(['DA'], (edited) => {
    const old = edited.get('DA');
    const changed = fresh(old);
    if (changed instanceof PdfString && changed !== old) edited.set('DA', changed);
  });
  onDirectAnnotations(edits, 'DA', (annotation) => {
    const changed = fresh(annotation.get('DA') ?? null);
    if (changed instanceof PdfString) annotation.set('DA', changed);
  });
}

/** A default appearance with other names of fonts; the same object where nothing changes. */
export function withFonts(appearance: PdfObject, renamed: ReadonlyMap<string, string>): PdfObject {
  if (!(appearance instanceof PdfString) || renamed.size === 0) return appearance;
  const text = Buffer.from(appearance.bytes).toString('latin1');
  const changed = text.replaceAll(/\/([^\s/[\]()<>{}%]+)(?=\s+[-+.\d]+\s+Tf\b)/g, (whole, name: string) => {
    const plain = name.replaceAll(/#([\da-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    const fresh = renamed.get(plain);
    if (fresh === undefined) return whole;
    const out = new ByteBuffer(32);
    writeName(out, fresh);
    return Buffer.from(out.view()).toString('latin1');
  });
  return changed === text ? appearance : new PdfString(Buffer.from(changed, 'latin1'));
}
