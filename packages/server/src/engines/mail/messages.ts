import type { Refusal } from '../../sandbox/refusal.ts';

/** What the engine asks its child: to read the message `inputName`. */
export interface MailRequest {
  readonly limits: MailLimits;
}

/** What one message may come to. */
export interface MailLimits {
  readonly bytesMax: number;
  /** Attachments that are given; those that follow are left out. */
  readonly attachmentsMax: number;
  /** Bytes of the page, with the pictures in it. */
  readonly pageBytesMax: number;
}

/** What the child answers, when it has left the page and what is said of the message. */
export type MailReply =
  | { readonly attachments: readonly AttachedPart[]; readonly warnings: readonly string[] }
  | { readonly refused: Refusal };

/** What was attached: the name in the box, and what the message says of it. */
export interface AttachedPart {
  readonly as: string;
  /** Hostile text. */
  readonly name: string;
  readonly mediaType: string;
  /** ISO 8601. */
  readonly modified?: string;
}

/** Name of the message in the box. */
export const inputName = 'message';

/** Names of the page, and of what is said of the message as JSON, in the box and in the job's directory. */
export const pageName = 'mail.html';
export const factsName = 'mail.json';

/** The same of an attachment, by its position. */
export function attachmentName(index: number): string {
  return `attached-${index + 1}`;
}
