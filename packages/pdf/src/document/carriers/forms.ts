import type { FileWriter } from '../../file/writer.ts';
import { numberOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfNumber } from '../../objects/number.ts';
import { NewReference, PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { writeEntry, writeObject } from '../../syntax/write.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import { eachCopy } from './catalog-each.ts';
import type { FieldUses } from './forms-actions.ts';
import { lacksAppearances } from './forms-appearances.ts';
import { LooseFields } from './forms-loose.ts';
import { renameFields, rootNames } from './forms-names.ts';
import { elementsOf, type FieldTree } from './forms-read.ts';
import { addRepeatedWidgets, writeMade } from './forms-repeats.ts';
import { FormResources, renameFonts, renameFontsOfNotes, withFonts } from './forms-resources.ts';
import { readForm, selectForm } from './forms-select.ts';
import { dropLooseSignatures, dropSignatures } from './forms-signatures.ts';

/** A document's form, and what its fields have if they say nothing else. */
interface Form {
  readonly copy: DocumentCopy;
  readonly tree: FieldTree;
  readonly dictionary: PdfDictionary;
  appearance: PdfObject;
  readonly alignment: number;
  /** Whether there is a field for a signature that is still to be made. */
  readonly isSignable: boolean;
}

/** Interactive forms (ISO 32000-2, 12.7.3): the fields of all documents in one tree, none of them merged into another. */
export function forms(uses: FieldUses): Carrier {
  let all: (Form | undefined)[] = [];
  const resources = new FormResources();
  return {
    prepare(copies, writer) {
      all = copies.map(() => undefined);
      eachCopy(copies, (copy, index) => {
        all[index] = read(copy);
        dropLooseSignatures(copy, all[index] !== undefined);
        if (copy.selection.hasRepeats && all[index] !== undefined)
          addRepeatedWidgets(all[index].tree, copy, writer);
      });
      const suffixes = renameFields(all.map((form) => form?.tree));
      const loose = new LooseFields(rootNames(all.map((form) => form?.tree)));
      for (const [index, copy] of copies.entries()) {
        const own = suffixes[index]!;
        uses.prepare(copy, own);
        const kept = rootNames([all[index]?.tree]).map((name) => [name, ''] as const);
        loose.prepare(copy, index, all[index] && new Map([...kept, ...own]));
      }
      const found = all.filter((form) => form !== undefined);
      for (const [index, form] of all.entries())
        if (form !== undefined) dress(form, index, resources, found[0]!);
      for (const { tree, copy } of found) tree.finish(copy);
    },
    carry(_copies, writer, carried) {
      const found = all.filter((form) => form !== undefined);
      if (found.length === 0) return;
      const number = writer.allocate();
      for (const { tree, copy } of found) writeMade(tree, copy, writer);
      write(found, resources, number, writer);
      carried.catalog += `/AcroForm ${number} 0 R`;
    },
  };
}

function read(copy: DocumentCopy): Form | undefined {
  const { file } = copy.document;
  const isWhole = copy.selection.isWhole;
  const found = isWhole ? readForm(copy.document) : selectForm(copy);
  if (found === undefined) return undefined;
  const { tree, dictionary } = found;
  if (dictionary.has('XFA'))
    file.reading.warnings.add('The XFA form was left out; its fields stay as an ordinary form.');
  const isSignable = dropSignatures(tree);
  const appearance = file.resolve(dictionary.get('DA'));
  const alignment = numberOf(file.resolve(dictionary.get('Q'))) ?? 0;
  return { copy, tree, dictionary, appearance, alignment, isSignable };
}

/** Gives the fields of a form what they had from the form itself, where the result's form says something else. */
function dress(form: Form, index: number, resources: FormResources, first: Form): void {
  const { copy, tree } = form;
  const renamed = resources.add(copy, form.dictionary, index);
  renameFonts(tree, renamed);
  renameFontsOfNotes(copy, renamed);
  form.appearance = withFonts(form.appearance, renamed);
  const { appearance, alignment } = form;
  const isOther = form !== first && appearance instanceof PdfString && !isSame(appearance, first.appearance);
  for (const root of tree.roots) {
    if (isOther && !root.dictionary.has('DA')) tree.change(root, 'DA', appearance);
    if (alignment !== first.alignment && !root.dictionary.has('Q'))
      tree.change(root, 'Q', new PdfNumber(String(alignment)));
  }
}

function isSame(one: PdfString, other: PdfObject): boolean {
  return other instanceof PdfString && Buffer.compare(one.bytes, other.bytes) === 0;
}

function write(all: readonly Form[], resources: FormResources, number: number, writer: FileWriter): void {
  const out = writer.begin(number);
  out.ascii('<</Fields[');
  for (const { copy, tree } of all)
    for (const { object } of tree.roots) {
      writeObject(out, object, copy);
      out.byte(32);
    }
  out.ascii(']');
  const order = all.flatMap((form) => calculationOrder(form));
  if (order.length > 0) out.ascii(`/CO[${order.map((each) => `${each} 0 R`).join(' ')}]`);
  if (needsAppearances(all)) out.ascii('/NeedAppearances true');
  if (all.some(({ isSignable }) => isSignable)) out.ascii('/SigFlags 1');
  const [{ copy, appearance, alignment }] = all as [Form];
  if (appearance instanceof PdfString) writeEntry(out, 'DA', appearance, copy);
  if (alignment !== 0) writeEntry(out, 'Q', new PdfNumber(String(alignment)), copy);
  resources.write(out);
  out.ascii('>>');
  writer.end();
}

/** The fields that are calculated, in order (/CO), without those that are gone. */
function calculationOrder({ copy, tree, dictionary }: Form): number[] {
  return elementsOf(copy, dictionary.get('CO')).flatMap((each) => {
    if (!(each instanceof PdfReference) || !tree.holds(each.number)) return [];
    const split = tree.find(each.number)!.parent?.object;
    // A field that was its own widget has become one with widgets.
    if (split instanceof NewReference) return split.number;
    return copy.reference(each.number, each.generation) || [];
  });
}

/**
 * Whether readers are to draw all fields anew: where all forms say so, and where one of those that do has text that could not
 * be seen else. In the fields of the other documents they may then draw something else than their makers did.
 */
function needsAppearances(all: readonly Form[]): boolean {
  const asking = all.filter(({ copy, dictionary }) => isTrue(copy, dictionary.get('NeedAppearances')));
  if (asking.length === 0 || asking.length === all.length) return asking.length > 0;
  const lacking = asking.filter(({ tree }) => lacksAppearances(tree));
  for (const { copy } of lacking)
    copy.document.file.reading.warnings.add(
      'Its form leaves it to readers to draw the fields; they may draw those of the other documents anew too.',
    );
  return lacking.length > 0;
}

function isTrue(copy: DocumentCopy, entry: PdfObject | undefined): boolean {
  return entry !== undefined && copy.document.file.resolve(entry) === true;
}
