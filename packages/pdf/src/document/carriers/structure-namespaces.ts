import type { PdfDictionary } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { textOfString } from '../../syntax/text-string.ts';
import type { Tags } from './structure-read.ts';

/** The namespace of the standard types of PDF 2.0 (ISO 32000-2, 14.8.6.2). */
const PDF_2 = 'http://iso.org/pdf2/ssn';

/** Entries of a namespace that says nothing but its name. */
const PLAIN_KEYS = new Set(['Type', 'NS']);

/**
 * Lets the documents share the namespaces that say nothing but their name (ISO 32000-2, 14.7.4.2). One with a role map or a
 * schema of its own stays its document's, so that these cannot clash.
 */
export function shareNamespaces(all: readonly Tags[]): void {
  const known = new Map<string, number>();
  for (const tags of all)
    for (const [name, { number, generation }, dictionary] of namespacesOf(tags)) {
      if ([...dictionary.keys()].some((key) => !PLAIN_KEYS.has(key))) continue;
      const first = known.get(name);
      if (first !== undefined) tags.copy.claim(number, first);
      else known.set(name, tags.copy.reference(number, generation));
    }
}

/** The new number of a document's namespace of PDF 2.0; 0 if it has none. */
export function namespaceNumber(tags: Tags): number {
  for (const [name, { number, generation }] of namespacesOf(tags))
    if (name === PDF_2) return tags.copy.reference(number, generation);
  return 0;
}

function* namespacesOf({ copy, namespaces }: Tags): Generator<[string, PdfReference, PdfDictionary]> {
  const { file } = copy.document;
  for (const each of namespaces) {
    const dictionary = each instanceof PdfReference ? file.resolve(each) : null;
    if (!(each instanceof PdfReference) || !(dictionary instanceof Map)) continue;
    const name = file.resolve(dictionary.get('NS'));
    if (name instanceof PdfString) yield [textOfString(name.bytes), each, dictionary];
  }
}
