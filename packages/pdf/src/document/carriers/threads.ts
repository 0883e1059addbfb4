import { PdfReference } from '../../objects/reference.ts';
import type { Carrier } from '../carriers.ts';

/** The article threads of all documents, one after another (ISO 32000-2, 12.4.3); their beads come with the pages. */
export function threads(): Carrier {
  return {
    carry(copies, _writer, carried) {
      const numbers = copies.flatMap((copy) => {
        const entry = copy.document.catalog.get('Threads');
        const list = entry === undefined ? null : copy.document.file.resolve(entry);
        if (!Array.isArray(list)) return [];
        const references = list.filter((each) => each instanceof PdfReference);
        return references.map(({ number, generation }) => copy.reference(number, generation));
      });
      const found = [...new Set(numbers)].filter((number) => number !== 0);
      if (found.length > 0) carried.catalog += `/Threads[${found.map((each) => `${each} 0 R`).join(' ')}]`;
    },
  };
}
