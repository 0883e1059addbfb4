import { numberOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { ObjectScan } from '../../syntax/object-scan.ts';
import { readFields } from '../carriers/forms-orphans.ts';
import { FieldTree, isWidget, type Field } from '../carriers/forms-read.ts';
import { annotationsOf, rectangleOf } from '../page.ts';
import type { Facts } from './facts.ts';
import { fieldFlags, fieldType, type FieldType } from './field-flags.ts';
import {
  choiceOptions,
  fieldValue,
  OFF,
  onState,
  type FieldOption,
  type FieldValue,
} from './field-values.ts';
import { Places, type Place } from './places.ts';
import { hasScripts } from './scripts.ts';
import { signature, type SignatureInfo } from './signatures.ts';

/** A field of a form (ISO 32000-2, 12.7.4). */
export interface FieldInfo {
  /** Its full name: partial names from the root on, with full stops between them. */
  readonly name: string;
  readonly type: FieldType;
  /** The name to be shown to people (/TU), and the one for export (/TM). */
  readonly alternateName: string | undefined;
  readonly exportName: string | undefined;
  /** Of check boxes and radio buttons the state that is on, undefined if none is. Signatures are told apart. */
  readonly value: FieldValue | undefined;
  readonly defaultValue: FieldValue | undefined;
  /** What can be chosen; of check boxes and radio buttons the states that are on. */
  readonly options: readonly FieldOption[];
  /** Such as `readOnly`, `required`, `multiline`: the names of ISO 32000-2 with a small first letter. */
  readonly flags: readonly string[];
  /** Characters that a text may have. */
  readonly maxLength: number | undefined;
  /** Where it is shown; none for a field that only holds data. */
  readonly widgets: readonly WidgetInfo[];
}

/** A place at which a field is shown (ISO 32000-2, 12.5.6.19). */
export interface WidgetInfo {
  /** Index of the page from 0; undefined where no page has it. */
  readonly pageIndex: number | undefined;
  /** Undefined without a page or a rectangle. */
  readonly place: Place | undefined;
  /** Whether it is neither shown nor printed (/F). */
  readonly isHidden: boolean;
  /** Of check boxes and radio buttons the state that this one turns on, and whether it is on. */
  readonly state: string | undefined;
  readonly isOn: boolean;
}

/** The form of a document. */
export interface Form {
  readonly fields: readonly FieldInfo[];
  /** What is signed, in the order of the fields. */
  readonly signatures: readonly SignatureInfo[];
  readonly hasScripts: boolean;
}

const FIELDS_MAX = 100_000;
const WIDGETS_MAX = 100_000;
/** Levels of the tree, each a part of a name, and characters of a name. */
const LEVELS_MAX = 64;
const NAME_CHARACTERS_MAX = 4096;
/** Entries that a field may have from above (ISO 32000-2, table 226 and others). */
const INHERITED = ['FT', 'Ff', 'V', 'DV', 'Opt', 'MaxLen'];
/** Bit of /F (ISO 32000-2, 12.5.3). */
const HIDDEN = 2;

/** A node of the tree with what it has from above. */
interface Node {
  readonly field: Field;
  readonly name: string;
  readonly level: number;
  readonly entries: PdfDictionary;
}

/** Reads the form. Fields that are on pages only are fields too, as long as the document has a form. */
export function form(facts: Facts): Form {
  const { document } = facts;
  const dictionary = facts.get(document.catalog, 'AcroForm');
  const fields: FieldInfo[] = [];
  const signatures: SignatureInfo[] = [];
  if (!(dictionary instanceof Map)) return { fields, signatures, hasScripts: false };
  const tree = new FieldTree(document);
  readFields(tree, dictionary);
  const reader = new FieldReader(facts, pagesOfWidgets(facts, tree));
  let scripted = false;
  for (const node of terminalFields(facts, tree)) {
    if (fields.length === FIELDS_MAX) {
      facts.warn(`The fields were too many; only the first ${FIELDS_MAX} are told.`);
      break;
    }
    const { field, name, entries } = node;
    fields.push(reader.read(node));
    const value = facts.get(entries, 'V');
    if (field.type === 'Sig' && value instanceof Map) signatures.push(signature(facts, name, value));
    scripted ||= [field, ...field.kids].some((each) => hasScripts(facts, each.dictionary));
  }
  return { fields, signatures, hasScripts: scripted };
}

/** The page of each widget, by object number; of one that is on several pages the first. */
function pagesOfWidgets(facts: Facts, tree: FieldTree): Map<number, number> {
  const { document } = facts;
  const scan = new ObjectScan(facts.file.reading.limits.nestingMax);
  const pages = new Map<number, number>();
  for (const [index, page] of document.pages.entries())
    for (const annotation of annotationsOf(document, page, scan))
      if (annotation instanceof PdfReference && tree.find(annotation.number) !== undefined)
        if (!pages.has(annotation.number)) pages.set(annotation.number, index);
  return pages;
}

/** Fields that have no field below them, in the order of the tree. A kid with a name is a field, another a widget. */
function* terminalFields(facts: Facts, tree: FieldTree): Generator<Node> {
  const none: PdfDictionary = new Map();
  const pending: Node[] = tree.roots.map((root) => nodeOf(facts, root, '', 1, none)).toReversed();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { name, level, entries, field } = node;
    const kids = field.kids.filter((kid) => kid.dictionary.has('T'));
    if (kids.length === 0 || kids.length < field.kids.length || isWidget(field)) yield node;
    if (level === LEVELS_MAX && kids.length > 0) facts.warn('The tree of fields was too deep.');
    else for (const kid of kids.toReversed()) pending.push(nodeOf(facts, kid, name, level + 1, entries));
  }
}

function nodeOf(facts: Facts, field: Field, above: string, level: number, inherited: PdfDictionary): Node {
  const partial = facts.textOf(field.dictionary, 'T');
  const name = partial === undefined ? above : above === '' ? partial : `${above}.${partial}`;
  const entries = new Map(inherited);
  for (const key of INHERITED) {
    const value = field.dictionary.get(key);
    if (value !== undefined && value !== null) entries.set(key, value);
  }
  return { field, name: name.slice(0, NAME_CHARACTERS_MAX), level, entries };
}

/** Reads fields one after another. */
class FieldReader {
  readonly #facts: Facts;
  readonly #pages: ReadonlyMap<number, number>;
  readonly #places: Places;
  #widgetsLeft = WIDGETS_MAX;

  constructor(facts: Facts, pages: ReadonlyMap<number, number>) {
    this.#facts = facts;
    this.#pages = pages;
    this.#places = new Places(facts);
  }

  read({ field, name, entries }: Node): FieldInfo {
    const facts = this.#facts;
    const { dictionary } = field;
    const bits = numberOf(facts.get(entries, 'Ff')) ?? 0;
    const flags = fieldFlags(field.type, bits);
    const type = fieldType(field.type, flags);
    const isState = type === 'checkBox' || type === 'radioButton';
    const nodes = this.#bounded([
      ...(isWidget(field) || field.kids.length === 0 ? [field] : []),
      ...field.kids.filter((kid) => !kid.dictionary.has('T')),
    ]).filter((node) => isWidget(node) || node.dictionary.has('Rect'));
    const value =
      type === 'signature' || type === 'pushButton'
        ? undefined
        : this.#value(entries.get('V'), nodes, isState);
    const widgets = nodes.map((node) => this.#widget(node, isState, value));
    return {
      name,
      type,
      alternateName: facts.textOf(dictionary, 'TU'),
      exportName: facts.textOf(dictionary, 'TM'),
      value,
      defaultValue: type === 'signature' ? undefined : notOff(fieldValue(facts, entries.get('DV')), isState),
      options: isState ? stateOptions(facts, entries, widgets) : choiceOptions(facts, entries.get('Opt')),
      flags,
      maxLength: type === 'text' ? numberOf(facts.get(entries, 'MaxLen')) : undefined,
      widgets,
    };
  }

  /** A button without a value is as its widgets show it. */
  #value(value: PdfObject | undefined, nodes: readonly Field[], isState: boolean): FieldValue | undefined {
    const facts = this.#facts;
    const found = fieldValue(facts, value);
    if (!isState || found !== undefined) return notOff(found, isState);
    return nodes
      .map(({ dictionary }) => facts.nameOf(dictionary, 'AS'))
      .find((state) => state !== undefined && state !== OFF);
  }

  #widget({ number, dictionary }: Field, isState: boolean, value: FieldValue | undefined): WidgetInfo {
    const facts = this.#facts;
    const page = dictionary.get('P');
    const pageIndex =
      this.#pages.get(number) ?? (page instanceof PdfReference ? facts.pageIndex(page.number) : undefined);
    const rectangle = rectangleOf(facts.get(dictionary, 'Rect'), (each) => facts.resolve(each));
    const state = isState ? onState(facts, dictionary) : undefined;
    const shown = facts.nameOf(dictionary, 'AS');
    return {
      pageIndex,
      place:
        pageIndex === undefined || rectangle === undefined
          ? undefined
          : this.#places.of(pageIndex, rectangle),
      isHidden: ((numberOf(facts.get(dictionary, 'F')) ?? 0) & HIDDEN) !== 0,
      state,
      // Radio buttons may share one state and still be told apart by what they show.
      isOn: state !== undefined && value === state && (shown === undefined || shown === state),
    };
  }

  #bounded(nodes: readonly Field[]): readonly Field[] {
    const told = this.#facts.first(nodes, this.#widgetsLeft, 'The widgets');
    this.#widgetsLeft -= told.length;
    return told;
  }
}

function notOff(value: FieldValue | undefined, isState: boolean): FieldValue | undefined {
  return isState && value === OFF ? undefined : value;
}

/** The states of a button, each once; /Opt has their texts, in the order of the widgets (ISO 32000-2, 12.7.5.2.3). */
function stateOptions(
  facts: Facts,
  entries: PdfDictionary,
  widgets: readonly WidgetInfo[],
): readonly FieldOption[] {
  const texts = choiceOptions(facts, entries.get('Opt'));
  const options = new Map<string, FieldOption>();
  for (const [index, { state }] of widgets.entries())
    if (state !== undefined && !options.has(state))
      options.set(state, { value: state, label: texts[index]?.label ?? state });
  return [...options.values()];
}
