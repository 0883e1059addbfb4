import type { PdfObject } from '../../objects/object.ts';
import { nameTreeOf } from '../carriers/names.ts';
import type { Facts } from './facts.ts';

/** Actions that are looked at in one chain. */
const ACTIONS_MAX = 1000;

/** Whether the document has scripts of its own (ISO 32000-2, 12.6.4.17): at its start, when it is opened, printed, closed. */
export function hasDocumentScripts(facts: Facts): boolean {
  const { catalog } = facts.document;
  return (
    isScript(facts, facts.get(catalog, 'OpenAction')) ||
    hasScriptedEvents(facts, catalog) ||
    nameTreeOf(facts, 'JavaScript').length > 0
  );
}

/** Whether one of the actions of a field, an annotation or a page is a script. */
export function hasScripts(facts: Facts, dictionary: PdfObject): boolean {
  return isScript(facts, facts.get(dictionary, 'A')) || hasScriptedEvents(facts, dictionary);
}

function hasScriptedEvents(facts: Facts, dictionary: PdfObject): boolean {
  const events = facts.get(dictionary, 'AA');
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
