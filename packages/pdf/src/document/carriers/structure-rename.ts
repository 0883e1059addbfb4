import { nameOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfName } from '../../objects/name.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { bytesOfText, textOfBytes } from './names-unique.ts';
import type { Tags } from './structure-read.ts';

/** An element that is being visited; `number` is the object it stands in. */
interface Visit {
  readonly number: number;
  readonly dictionary: PdfDictionary;
  /** The dictionary of that object. */
  readonly outer: PdfDictionary;
}

/**
 * Lets the elements of a document use the new names of roles, classes and ids. Only a document in which there are some is
 * looked through; each object once, so that a loop ends.
 */
export function renameElements(tags: Tags): void {
  if (tags.newRoles.size + tags.newClasses.size + tags.newIds.size === 0) return;
  const { file } = tags.copy.document;
  const seen = new Set<number>();
  const pending: Visit[] = [];
  const push = (kid: PdfObject, around?: Visit): void => {
    const dictionary = file.resolve(kid);
    if (!(dictionary instanceof Map)) return;
    if (!(kid instanceof PdfReference))
      return void pending.push({
        number: around?.number ?? 0,
        dictionary,
        outer: around?.outer ?? dictionary,
      });
    if (seen.has(kid.number)) return;
    seen.add(kid.number);
    pending.push({ number: kid.number, dictionary, outer: dictionary });
  };
  for (const kid of tags.kids) push(kid);
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { dictionary } = visit;
    if (!dictionary.has('S')) continue;
    rename(tags, visit);
    const kids = file.resolve(dictionary.get('K'));
    for (const kid of Array.isArray(kids) ? kids : [dictionary.get('K') ?? null]) push(kid, visit);
  }
}

function rename(tags: Tags, { number, dictionary, outer }: Visit): void {
  const { edits, document } = tags.copy;
  const { file } = document;
  const change = (key: string, value: PdfObject | undefined): void => {
    if (value === undefined) return;
    dictionary.set(key, value);
    if (number === 0) return;
    // An element that stands in another changes the kids of that.
    if (dictionary === outer) edits.onObject(number, (edited) => edited.set(key, value));
    else edits.onObject(number, (edited) => edited.set('K', file.resolve(outer.get('K'))));
  };
  // The role map is about elements without a namespace; a namespace has its own (ISO 32000-2, 14.7.4.2).
  if (!dictionary.has('NS')) change('S', renamedName(file.resolve(dictionary.get('S')), tags.newRoles));
  change('C', renamedClasses(tags, dictionary.get('C')));
  change('ID', renamedId(tags, file.resolve(dictionary.get('ID'))));
  change('A', renamedHeaders(tags, dictionary.get('A')));
}

function renamedName(object: PdfObject, names: ReadonlyMap<string, string>): PdfName | undefined {
  const name = names.get(nameOf(object) ?? '');
  return name === undefined ? undefined : new PdfName(name);
}

function renamedClasses({ copy, newClasses }: Tags, entry: PdfObject | undefined): PdfObject | undefined {
  if (newClasses.size === 0 || entry === undefined) return undefined;
  const object = copy.document.file.resolve(entry);
  if (!Array.isArray(object)) return renamedName(object, newClasses);
  return object.map((each) => renamedName(each, newClasses) ?? each);
}

function renamedId({ newIds }: Tags, object: PdfObject): PdfString | undefined {
  if (!(object instanceof PdfString)) return undefined;
  const id = newIds.get(textOfBytes(object.bytes));
  return id === undefined ? undefined : new PdfString(bytesOfText(id));
}

/** Cells of a table name their headers by ids (ISO 32000-2, table 384, /Headers). */
function renamedHeaders(tags: Tags, entry: PdfObject | undefined): PdfObject | undefined {
  if (tags.newIds.size === 0 || entry === undefined) return undefined;
  const { file } = tags.copy.document;
  const object = file.resolve(entry);
  const attributes = (each: PdfObject): PdfObject | undefined => {
    const dictionary = file.resolve(each);
    const headers = dictionary instanceof Map ? file.resolve(dictionary.get('Headers')) : null;
    if (!(dictionary instanceof Map) || !Array.isArray(headers)) return undefined;
    const renamed = headers.map((id) => renamedId(tags, file.resolve(id)) ?? id);
    return new Map([...dictionary, ['Headers', renamed]]);
  };
  if (!Array.isArray(object)) return attributes(object);
  const changed = object.map((each) => attributes(each));
  return changed.some((each) => each !== undefined)
    ? object.map((each, index) => changed[index] ?? each)
    : undefined;
}
