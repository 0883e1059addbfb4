import assert from 'node:assert/strict';
import type { Bookmark, Reading } from './pdfium.ts';
import type { Annotation, Element, PageReading } from './pdfium-page.ts';
import type { Target } from './pdfium-target.ts';

/** Checks by PDFium's word that a merge of documents says all that they said, by the rules of the package's README. */
export function assertMerged(inputs: readonly Reading[], result: Reading): void {
  const starts = inputs.map((_, index) =>
    inputs.slice(0, index).reduce((sum, { pages }) => sum + pages.length, 0),
  );
  const each = <Item>(read: (input: Reading, start: number) => readonly Item[]): Item[] =>
    inputs.flatMap((input, index) => read(input, starts[index]!));
  assert.equal(result.isSound, true);
  assert.equal(result.isEncrypted, false);
  const isLabelled = inputs.some(({ pages }) => pages.some(({ label }) => label !== ''));
  const pages = each((input, start) => expectedPages(input, start, isLabelled));
  const trees = inputs.filter(({ isTagged }) => isTagged).length;
  assert.equal(result.pages.length, pages.length);
  for (const [index, page] of result.pages.entries()) {
    assert.ok(!page.annotations.some((annotation) => annotation?.contents === 'deleted'));
    assert.deepEqual(
      withoutNames(ownStructure(page, pages[index]!, trees)),
      pages[index],
      `page ${index + 1}`,
    );
  }
  assert.deepEqual(
    result.bookmarks,
    each(({ bookmarks }, start) => bookmarks.map((bookmark) => movedBookmark(bookmark, start))),
  );
  assertRenamed(
    'destinations',
    each(({ destinations }, start) =>
      [...destinations].map(([name, target]) => [name, moved(target, start)]),
    ),
    [...result.destinations],
    /^(.*?)(~\d+)?$/s,
  );
  assertRenamed(
    'attachments',
    each(({ attachments }) => attachments.map(({ name, ...file }) => [name, file])),
    result.attachments.map(({ name, ...file }) => [name, file]),
    /^(.*?)( \(\d+\))?(\.\w+)?$/s,
  );
  assertRenamed(
    'scripts',
    each(({ scripts }) => scripts.map(({ name, script }) => [name, script])),
    result.scripts.map(({ name, script }) => [name, script]),
    /^(.*?)(~\d+)?$/s,
  );
  assertFields(inputs, result, starts);
  assert.equal(result.title, inputs[0]!.title);
  assert.equal(result.pageMode, inputs[0]!.pageMode);
  assert.equal(result.language, inputs.find(({ language }) => language !== '')?.language ?? '');
  assert.equal(
    result.isTagged,
    inputs.some(({ isTagged }) => isTagged),
  );
}

/** Checks that a part of a document has these pages of it as they were. */
export function assertSelected(whole: Reading, pages: readonly number[], part: Reading): void {
  assert.equal(part.isSound, true);
  assert.equal(part.pages.length, pages.length);
  const selected = (target: Target): Target => {
    if (target === undefined || !('page' in target)) return target;
    const page = pages.indexOf(target.page);
    return page === -1 ? undefined : { ...target, page };
  };
  for (const [index, page] of part.pages.entries()) {
    const old = whole.pages[pages[index]!]!;
    const links = old.links.map(({ rectangle, target }) => ({ rectangle, target: selected(target) }));
    assert.deepEqual(selectedPage(page), selectedPage({ ...old, links }), `page ${index + 1}`);
  }
  for (const [name, target] of part.destinations)
    assert.deepEqual(target, selected(whole.destinations.get(name)), name);
  for (const [name, target] of whole.destinations)
    if (selected(target) !== undefined) assert.ok(part.destinations.has(name), name);
}

/** PDFium's number for a group of radio buttons, whose value it takes from the buttons that it sees. */
const RADIO = 3;

/** A page without what other pages have a part in: structure, how many widgets a field has, which button is pressed. */
function selectedPage(page: PageReading): PageReading {
  const annotations = page.annotations.map((annotation) => {
    if (annotation?.field === undefined) return annotation;
    const { field } = annotation;
    const value = field.type === RADIO ? '' : field.value;
    return { ...annotation, field: { ...field, value, widgets: 0 } };
  });
  return withoutNames({ ...page, annotations, structure: [] });
}

/** What a page must say in the result, without what may have another name there. */
function expectedPages({ pages }: Reading, start: number, isLabelled: boolean): PageReading[] {
  const hasLabels = pages.some(({ label }) => label !== '');
  return pages.map((page, index) => ({
    ...withoutNames(page),
    label: hasLabels || !isLabelled ? page.label : String(index + 1),
    links: page.links.map(({ rectangle, target }) => ({ rectangle, target: moved(target, start) })),
  }));
}

/** A page without the names of fields and the identifiers of structure elements. */
export function withoutNames(page: PageReading): PageReading {
  return {
    ...page,
    annotations: page.annotations.map(withoutFieldName),
    structure: page.structure.map(withoutIds),
  };
}

/**
 * The structure of a page of the result as its document has it: without the element that is around the trees of several
 * documents, and without the language that stands in elements because the catalog says another.
 */
function ownStructure(page: PageReading, expected: PageReading, trees: number): PageReading {
  const structure = trees > 1 ? page.structure.flatMap(documents) : page.structure;
  return {
    ...page,
    structure: structure.map((element, index) =>
      expected.structure[index]?.language === '' ? { ...element, language: '' } : element,
    ),
  };
}

function documents({ type, kids }: Element): Element[] {
  assert.equal(type, 'Document');
  return kids.filter((kid) => typeof kid !== 'number');
}

function withoutFieldName(annotation: Annotation | undefined): Annotation | undefined {
  // PDFium shows a note that an update deleted.
  if (annotation?.contents === 'deleted') return undefined;
  if (annotation?.field === undefined) return annotation;
  return { ...annotation, field: { ...annotation.field, name: '' } };
}

function withoutIds(element: Element): Element {
  const kids = element.kids.map((kid) => (typeof kid === 'number' ? kid : withoutIds(kid)));
  return { ...element, id: element.id.replace(/~\d+$/, ''), kids };
}

function moved(target: Target, start: number): Target {
  return target !== undefined && 'page' in target && target.page >= 0
    ? { ...target, page: target.page + start }
    : target;
}

function movedBookmark(bookmark: Bookmark, start: number): Bookmark {
  return {
    ...bookmark,
    target: moved(bookmark.target, start),
    kids: bookmark.kids.map((kid) => movedBookmark(kid, start)),
  };
}

type Named = readonly [name: string, value: unknown];

/**
 * Checks that names are unique and what they name is all there, each under its name or one made from it: the parts of
 * `pattern` but the second.
 */
function assertRenamed(
  what: string,
  expected: readonly Named[],
  found: readonly Named[],
  pattern: RegExp,
): void {
  const names = found.map(([name]) => name);
  assert.equal(new Set(names).size, names.length, `${what} have unique names: ${names.join()}`);
  const plain = ([name, value]: Named): string => {
    const [, first = '', , last = ''] = pattern.exec(name)!;
    return JSON.stringify([first + last, value]);
  };
  assert.deepEqual(found.map(plain).sort(), expected.map(plain).sort(), what);
  const firsts = new Set(expected.map(([name]) => name));
  for (const name of firsts) assert.ok(names.includes(name), `${what}: the first ${name} keeps its name`);
}

/** Checks that fields of different documents have different names, and those of one document as many as before. */
function assertFields(inputs: readonly Reading[], result: Reading, starts: readonly number[]): void {
  const owners = new Map<string, number>();
  for (const [index, input] of inputs.entries()) {
    const renamed = new Map<string, string>();
    for (const [at, page] of input.pages.entries())
      for (const [position, annotation] of page.annotations.entries()) {
        if (annotation?.field === undefined) continue;
        const before = annotation.field.name;
        const after = result.pages[starts[index]! + at]!.annotations[position]!.field!.name;
        assert.equal(renamed.get(before) ?? after, after, `field ${before} is one field`);
        renamed.set(before, after);
        assert.equal(owners.get(after) ?? index, index, `field ${after} belongs to one document`);
        owners.set(after, index);
        assert.equal(after.replaceAll(/~\d+/g, ''), before);
      }
    assert.equal(new Set(renamed.values()).size, renamed.size, 'fields of one document stay apart');
  }
}
