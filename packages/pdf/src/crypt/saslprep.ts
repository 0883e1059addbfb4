/** Spaces other than the ASCII one (RFC 3454, C.1.2), which become one. */
const spaces = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** Characters that are mapped to nothing (RFC 3454, B.1); U+200B is among the spaces too, which come first. */
const nothing =
  /\u{ad}|\u{34f}|\u{1806}|[\u{180b}-\u{180d}]|\u{200c}|\u{200d}|\u{2060}|[\u{fe00}-\u{fe0f}]|\u{feff}/gu;

/**
 * The SASLprep form of a password (RFC 4013): mapped, then normalised to NFKC. Characters that SASLprep prohibits are
 * let through: the form is only compared with what a writer made of a password, and cannot do harm.
 */
export function saslPrep(text: string): string {
  return text.replace(spaces, ' ').replace(nothing, '').normalize('NFKC');
}
