import type { PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { ObjectScan } from '../../syntax/object-scan.ts';
import { nameTreeOf } from '../carriers/names.ts';
import { annotationsOf, pageEntry } from '../page.ts';
import type { Facts } from './facts.ts';

/** Actions that are looked at in one chain. */
const ACTIONS_MAX = 1000;

/** Whether the document has scripts of its own (ISO 32000-2, 12.6.4.17): at its start, when it is opened, printed, closed. */
export function hasDocumentScripts(facts: Facts): boolean {
  const { catalog } = facts.document;
  return (
    isScript(facts, facts.get(catalog, 'OpenAction')) ||
    areScripted(facts, facts.get(catalog, 'AA')) ||
    nameTreeOf(facts, 'JavaScript').length > 0
  );
}

/** Whether one of the actions of a field or an annotation is a script. */
export function hasScripts(facts: Facts, dictionary: PdfObject): boolean {
  return isScript(facts, facts.get(dictionary, 'A')) || areScripted(facts, facts.get(dictionary, 'AA'));
}

/** Whether a page, or an annotation on one, has scripts. Looks at all of them. */
export function havePagesScripts(facts: Facts): boolean {
  const { document, file } = facts;
  const scan = new ObjectScan(file.reading.limits.nestingMax);
  const isScripted = (annotation: PdfObject): boolean => {
    if (!(annotation instanceof PdfReference)) return hasScripts(facts, annotation);
    if (!file.has(annotation.number, annotation.generation)) return false;
    // Most annotations have no actions, and are not built to know that.
    file.scan(annotation.number, scan);
    return (scan.has('A') || scan.has('AA')) && hasScripts(facts, facts.resolve(annotation));
  };
  return document.pages.some(
    (page) =>
      areScripted(facts, pageEntry(document, page, scan, 'AA')) ||
      annotationsOf(document, page, scan).some(isScripted),
  );
}

/** Whether one of the actions that are bound to events is a script (ISO 32000-2, 12.6.3). */
function areScripted(facts: Facts, events: PdfObject): boolean {
  return events instanceof Map && [...events.keys()].some((key) => isScript(facts, facts.get(events, key)));
}

/** Whether an action, or one that follows it, is a script. */
function isScript(facts: Facts, action: PdfObject): boolean {
  const pending = [action];
  for (let count = 0; count < ACTIONS_MAX && pending.length > 0; count++) {
    const each = facts.resolve(pending.pop());
    if (!(each instanceof Map)) continue;
    if (facts.nameOf(each, 'S') === 'JavaScript') return true;
    const next = facts.get(each, 'Next');
    if (Array.isArray(next)) pending.push(...next.slice(0, ACTIONS_MAX));
    else pending.push(next);
  }
  return false;
}
