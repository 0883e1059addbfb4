/** Widths of the five bars and four gaps of each character of Code 39 (ISO/IEC 16388): 1 is thin, 3 is wide. */
const widths: Readonly<Record<string, string>> = Object.fromEntries(
  [
    '0111331311 1311311113 2113311113 3313311111 4111331113 5311331111 6113331111 7111311313 8311311311 9113311311',
    'A311113113 B113113113 C313113111 D111133113 E311133111 F113133111 G111113313 H311113311 I113113311 J111133311',
    'K311111133 L113111133 M313111131 N111131133 O311131131 P113131131 Q111111333 R311111331 S113111331 T111131331',
    'U331111113 V133111113 W333111111 X131131113 Y331131111 Z133131111 $131313111 *131131311',
  ]
    .flatMap((line) => line.split(' '))
    .map((entry) => [entry.slice(0, 1), entry.slice(1)]),
);

/** The widths of a text with what begins and ends it, thin gaps between its characters: digits, capital letters, `$` and `*` alone. */
export function code39Widths(text: string): string {
  return [...text].map((character) => widths[character] ?? '').join('1');
}
