import type { FileHandle, MadeDocument } from '../engines/capabilities.ts';
import { intoPdfIfPossible, type PaperSettings } from './into-pdf.ts';
import type { Tools } from './operation.ts';

/** What becomes of what is attached to a message. */
export interface MailSettings {
  /** As pages, as far as it becomes some. */
  readonly converts: boolean;
  /** As files in the document. */
  readonly embeds: boolean;
  readonly paper: PaperSettings;
}

type Engines = Pick<Tools, 'engine' | 'can'>;

/**
 * Makes a document of a message: its text, what is attached as pages, and as files in the document. What becomes no pages is named by a warning.
 * Throws `mailDamaged`, and `abilityMissing` where no browser is installed.
 */
export async function mailPages(
  message: FileHandle,
  { converts, embeds, paper }: MailSettings,
  engines: Engines,
): Promise<MadeDocument> {
  const { engine } = engines;
  const mail = await engine('mail.read', { message });
  const text = await engine('web.to-pdf', { page: { html: mail.page, isOffline: true }, ...paper });
  const attached = await intoPdfIfPossible(converts ? mail.attachments : [], engines, paper);
  const documents = [text.file, ...attached.documents];
  const pages = documents.length === 1 ? text : await engine('pdf.merge', { documents, outlines: 'join' });
  const attachments = embeds ? mail.attachments : [];
  const whole =
    attachments.length === 0 ? pages : await engine('pdf.attach', { document: pages.file, attachments });
  const later = [pages, whole].map(({ warnings }) => warnings);
  return {
    ...whole,
    // What nothing was done to says the same once more.
    warnings: [...new Set([mail.warnings, text.warnings, attached.warnings, ...later].flat())],
  };
}
