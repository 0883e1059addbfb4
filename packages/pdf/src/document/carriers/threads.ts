import { nameOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfNumber } from '../../objects/number.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { textOfString } from '../../syntax/text-string.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Document } from '../document.ts';
import type { Edited } from '../edits.ts';
import { once } from '../once.ts';
import { eachCopy } from './catalog-each.ts';
import { onMentions } from './entries-change.ts';
import { readBeads, threadsOf, type Bead } from './threads-read.ts';

/**
 * The article threads of all documents, one after another (ISO 32000-2, 12.4.3); their beads come with the pages. Where
 * pages are missing, the beads that stay are chained to each other, and a thread without any goes. An action that means a
 * thread by its index or its title means one of its own document.
 */
export function threads(): Carrier {
  return {
    prepare(copies) {
      let found = false;
      eachCopy(copies, (copy) => {
        const isPart = !copy.selection.isWhole;
        if (isPart) closeChains(copy);
        if (found || isPart)
          onMentions(copy.edits, { words: ['/Thread'], keys: ['S', 'D', 'F'] }, (action) =>
            withOwnThread(copy, action),
          );
        found ||= threadsOf(copy.document).length > 0;
      });
    },
    carry(copies, _writer, carried) {
      const numbers = copies.flatMap((copy) => {
        const { selection, document } = copy;
        const list = selection.isWhole ? threadsOf(document) : keptThreads(copy);
        return list.map(({ number, generation }) => copy.reference(number, generation));
      });
      const found = [...new Set(numbers)].filter((number) => number !== 0);
      if (found.length > 0) carried.catalog += `/Threads[${found.map((each) => `${each} 0 R`).join(' ')}]`;
    },
  };
}

/** The beads on pages of the result, by the index of their thread, in the order of the chain. */
function keptBeads({ document, selection }: DocumentCopy): Map<number, Bead[]> {
  const { byPage } = once(document, readBeads);
  const kept = new Map<number, Bead[]>();
  for (const { page, isRepeat } of isEmpty(document) ? [] : selection.pages)
    for (const bead of (isRepeat ? undefined : byPage.get(page.number)) ?? []) {
      const chain = kept.get(bead.thread);
      if (chain === undefined) kept.set(bead.thread, [bead]);
      else chain.push(bead);
    }
  for (const chain of kept.values()) chain.sort((a, b) => a.position - b.position);
  return kept;
}

function isEmpty({ catalog }: Document): boolean {
  return !catalog.has('Threads');
}

function keptThreads(copy: DocumentCopy): PdfReference[] {
  if (isEmpty(copy.document)) return [];
  const { threads: all } = once(copy.document, readBeads);
  return [...keptBeads(copy).keys()].sort((a, b) => a - b).map((index) => all[index]!);
}

function closeChains(copy: DocumentCopy): void {
  const { edits, document } = copy;
  const kept = new Set<number>();
  for (const [index, chain] of keptBeads(copy)) {
    const thread = once(document, readBeads).threads[index]!;
    kept.add(thread.number);
    edits.onObject(thread.number, (edited) => edited.set('F', chain[0]!.reference));
    for (const [at, { reference }] of chain.entries()) {
      kept.add(reference.number);
      edits.onObject(reference.number, (edited) => {
        edited.set('N', (chain[at + 1] ?? chain[0]!).reference);
        edited.set('V', (chain[at - 1] ?? chain.at(-1)!).reference);
        if (at === 0) edited.set('T', thread);
      });
    }
  }
  if (!isEmpty(document)) {
    const { numbers } = once(document, readBeads);
    copy.leaveOutWhere((old) => numbers.has(old) && !kept.has(old));
  }
  // A bead that no thread knows would bring its whole chain.
  edits.onPages((page) => keepBeads(page, kept));
}

/** A thread action (ISO 32000-2, 12.6.4.7) that means its thread by a reference; `null` for one that is not there. */
function withOwnThread({ document }: DocumentCopy, action: PdfDictionary): PdfDictionary {
  const { file } = document;
  if (nameOf(file.resolve(action.get('S'))) !== 'Thread' || action.has('F')) return action;
  const target = file.resolve(action.get('D'));
  if (!(target instanceof PdfNumber) && !(target instanceof PdfString)) return action;
  const list = threadsOf(document);
  const found =
    target instanceof PdfNumber
      ? list[target.value]
      : list.find((each) => titleOf(document, each) === textOfString(target.bytes));
  return new Map([...action, ['D', found ?? null]]);
}

function titleOf({ file }: Document, thread: PdfObject): string | undefined {
  const dictionary = file.resolve(thread);
  const information = dictionary instanceof Map ? file.resolve(dictionary.get('I')) : null;
  const title = information instanceof Map ? file.resolve(information.get('Title')) : null;
  return title instanceof PdfString ? textOfString(title.bytes) : undefined;
}

function keepBeads(page: Edited, kept: ReadonlySet<number>): void {
  if (!page.scan.has('B')) return;
  const list = page.resolve(page.get('B'));
  const beads = Array.isArray(list)
    ? list.filter((each) => each instanceof PdfReference && kept.has(each.number))
    : [];
  page.set('B', beads.length > 0 ? beads : undefined);
}
