/** Where letters begin that are accents of their own, run from right to left, may be written downwards, or stand for several. */
const OTHERS_FROM = 0x300;

/** Whether a text has nothing but letters as those of Latin scripts, digits and signs: most text, of which much need not be asked. */
export function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= OTHERS_FROM) return false;
  return true;
}
