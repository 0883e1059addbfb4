/** Answers the data URI of what a page calls by a reference, empty where there is no room for it; undefined where it is elsewhere. */
export type Resolve = (reference: string) => string | undefined;

/** A picture that stands in the page itself. */
export function isPicture(reference: string): boolean {
  return /^data:image\/[\w.+-]+[;,]/i.test(reference);
}

/** Something that would have to be fetched; but not a part that the message does not have. */
export function isRemote(reference: string): boolean {
  return /^\s*(?:(?:https?|ftp):|\/\/)/i.test(reference);
}

/** A link that a page of a message may have. */
export function isLink(value: string): boolean {
  return /^\s*(?:https?:|mailto:|tel:|ftp:|#)/i.test(value);
}
