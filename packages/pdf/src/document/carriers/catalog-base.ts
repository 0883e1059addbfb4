import { nameOf, type PdfDictionary } from '../../objects/object.ts';
import { PdfString } from '../../objects/string.ts';
import { writeEntry } from '../../syntax/write.ts';
import { ByteBuffer } from '../../syntax/byte-buffer.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import { eachCopy } from './catalog-each.ts';
import { onMentions } from './entries-change.ts';
import { bytesOfText, textOfBytes } from './names-unique.ts';

/**
 * The address that web links are relative to (ISO 32000-2, 12.6.4.8): that of the documents where it is the same for all.
 * Else the result has none, and the links of a document that has one become absolute.
 */
export function baseAddress(): Carrier {
  let isSame = true;
  return {
    prepare(copies) {
      const bases: string[] = [];
      eachCopy(copies, (copy) => bases.push(baseOf(copy)));
      isSame = bases.every((base) => base === bases[0]);
      if (isSame) return;
      for (const [index, copy] of copies.entries()) {
        const base = bases[index]!;
        if (base !== '')
          onMentions(copy.edits, { words: ['/URI'], keys: ['S', 'URI'] }, (action) =>
            absolute(copy, action, base),
          );
      }
    },
    carry([copy], _writer, carried) {
      const entry = copy!.document.catalog.get('URI');
      if (!isSame || entry === undefined) return;
      const out = new ByteBuffer(256);
      writeEntry(out, 'URI', entry, copy!);
      carried.catalog += textOfBytes(out.view());
    },
  };
}

function baseOf({ document: { file, catalog } }: DocumentCopy): string {
  const dictionary = catalog.has('URI') ? file.resolve(catalog.get('URI')) : null;
  const base = dictionary instanceof Map ? file.resolve(dictionary.get('Base')) : null;
  return base instanceof PdfString ? textOfBytes(base.bytes) : '';
}

function absolute({ document: { file } }: DocumentCopy, action: PdfDictionary, base: string): PdfDictionary {
  const address = file.resolve(action.get('URI'));
  if (nameOf(file.resolve(action.get('S'))) !== 'URI' || !(address instanceof PdfString)) return action;
  const text = textOfBytes(address.bytes);
  if (URL.canParse(text) || !URL.canParse(text, base)) return action;
  return new Map([...action, ['URI', new PdfString(bytesOfText(new URL(text, base).href))]]);
}
