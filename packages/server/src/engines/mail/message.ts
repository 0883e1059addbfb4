/** A message as it was read, in whatever format it came. All texts are hostile. */
export interface Message {
  readonly from: readonly Person[];
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly bcc: readonly Person[];
  /** As it stands in the message. */
  readonly date: string;
  readonly subject: string;
  /** Empty where there is none. */
  readonly html: string;
  readonly text: string;
  readonly parts: readonly Part[];
  /** What could not be read of it, in short sentences. */
  readonly warnings: readonly string[];
}

/** Who sent or gets it; one of both may be empty. */
export interface Person {
  readonly name: string;
  readonly address: string;
}

/** A file in a message: attached, or a picture of its page. */
export interface Part {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
  /** What the page calls it by, without brackets; empty where it has no such name. */
  readonly contentId: string;
  readonly location: string;
  /** Whether the message says that it is attached, wherever else it is shown. */
  readonly isAttached: boolean;
  /** ISO 8601; empty where nothing is said. */
  readonly modified: string;
}

/** An ISO date of whatever says when, empty where it is none. */
export function isoDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
