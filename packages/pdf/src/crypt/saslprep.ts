/** Spaces other than the ASCII one (RFC 3454, C.1.2), which become one. */
const spaces = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** Characters that are mapped to nothing (RFC 3454, B.1); U+200B is among the spaces too, which come first. */
const nothing =
  /\u{ad}|\u{34f}|\u{1806}|[\u{180b}-\u{180d}]|\u{200c}|\u{200d}|\u{2060}|[\u{fe00}-\u{fe0f}]|\u{feff}/gu;

/**
 * What SASLprep prohibits (RFC 4013, 2.3): controls, private use, characters that are none, lone surrogates, marks of
 * text direction, replacements of objects, ideographic descriptions, deprecated marks, tags.
 */
const prohibited =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u200e\u200f\u2028-\u202e\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufff9-\ufffd\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/u;

/**
 * The SASLprep form of a password (RFC 4013): mapped, then normalised to NFKC. Characters that SASLprep prohibits are
 * let through: to read a file, the form is only compared with what a writer made of a password, and cannot do harm.
 */
export function saslPrep(text: string): string {
  return text.replace(spaces, ' ').replace(nothing, '').normalize('NFKC');
}

/**
 * Whether SASLprep allows a password in its form. Its rule for texts that run in two directions is not checked: readers
 * do not either, and it refuses an Arabic word with a number after it.
 */
export function isSaslPrepped(text: string): boolean {
  return !prohibited.test(text);
}
