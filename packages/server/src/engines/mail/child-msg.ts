import msgreader, { type FieldsData } from '@kenjiuno/msgreader';
import { Refused } from '../../sandbox/refusal.ts';
import { withCompound } from '../compound/child-compound.ts';
import { assertSound } from '../compound/child-sound.ts';
import { documentIn } from '../compound/documents.ts';
import { textOfRtf, unpackRtf } from './child-rtf.ts';
import { decoderOf } from './code-pages.ts';
import { isoDate, type Message, type Part, type Person } from './message.ts';

/** Type of a property that is a text in a code page (MS-OXCDATA 2.11.1). */
const codedText = 0x001e;
const [utf16Page, utf8Page] = [1200, 65001];

/** Reads a message as Outlook keeps it (MS-OXMSG), from a file of these bytes. Messages in it become files. Throws Refused. */
export function readMsg(path: string, bytes: Buffer): Message {
  try {
    withCompound(path, (compound) => {
      assertSound(compound);
      if (documentIn(compound) !== 'mail') throw new Refused('mail', 'it is another kind of document');
    });
    return messageOf(bytes);
  } catch (error) {
    // Whatever the readers stumble over, but for the memory that they need.
    if ((error instanceof Refused && error.code !== 'compound') || isOfMemory(error)) throw error;
    throw new Refused('mail', 'it is damaged');
  }
}

function isOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocat|Invalid (typed )?array/i.test(error.message);
}

function messageOf(bytes: Buffer): Message {
  const { reader, fields } = fieldsOf(bytes);
  const body = bodyOf(fields);
  const kept = (fields.attachments ?? []).map((attachment, index) => partOf(reader, attachment, index));
  const parts = kept.filter((part) => part !== undefined);
  const left = kept.length - parts.length;
  const recipients = fields.recipients ?? [];
  const of = (kind: string): Person[] =>
    recipients.filter(({ recipType }) => recipType === kind).map((field) => personOf(field));
  return {
    from: [
      {
        name: fields.senderName ?? '',
        address: fields.senderSmtpAddress ?? fields.sentRepresentingSmtpAddress ?? fields.senderEmail ?? '',
      },
    ].filter(({ name, address }) => name !== '' || address !== ''),
    to: of('to'),
    cc: of('cc'),
    bcc: of('bcc'),
    date: fields.clientSubmitTime ?? fields.messageDeliveryTime ?? fields.creationTime ?? '',
    subject: fields.subject ?? '',
    ...body,
    parts,
    warnings: [
      ...body.warnings,
      ...(left > 0 ? [`The message only links to ${left} of its attachments: they are left out.`] : []),
    ],
  };
}

/** Reads the fields; texts in a code page by the one that the message names. */
function fieldsOf(bytes: Buffer): { readonly reader: msgreader.default; readonly fields: FieldsData } {
  let isCoded = false;
  const read = (encoding: string) => {
    const reader = new msgreader.default(new Uint8Array(bytes).buffer);
    reader.parserConfig = {
      ansiEncoding: encoding,
      propertyObserver: (_, tag) => void (isCoded ||= (tag & 0xffff) === codedText),
    };
    return { reader, fields: reader.getFileData() };
  };
  const first = read('windows-1252');
  const { messageCodepage: page = 0, internetCodepage: otherPage = 0 } = first.fields;
  const named = [page, otherPage].find((each) => each > 0 && each !== utf16Page);
  if (!isCoded || named === undefined) return first;
  try {
    return read(named === utf8Page ? 'utf8' : `cp${named}`);
  } catch {
    // A code page that the reader does not know.
    return first;
  }
}

function bodyOf(fields: FieldsData): Pick<Message, 'html' | 'text' | 'warnings'> {
  const { html: bytes, bodyHtml = '', body = '', internetCodepage = 0, compressedRtf } = fields;
  const html = bytes === undefined ? bodyHtml : decoderOf(internetCodepage).decode(bytes);
  if (html.trim() !== '') return { html, text: body, warnings: [] };
  if (compressedRtf === undefined) return { html: '', text: body, warnings: [] };
  const rtf = unpackRtf(compressedRtf);
  if (rtf === undefined)
    return { html: '', text: body, warnings: ['The formatted text of the message is damaged.'] };
  const found = textOfRtf(rtf);
  if (found.kind === 'html') return { html: found.text, text: body, warnings: [] };
  const text = body.trim() === '' ? found.text : body;
  const isPlain = found.kind === 'text' || text.trim() === '';
  return {
    html: '',
    text,
    warnings: isPlain ? [] : ['The message is formatted as RTF: its text is given without formats.'],
  };
}

function personOf({ name = '', smtpAddress, email = '' }: FieldsData): Person {
  const address = smtpAddress ?? email;
  return { name: name === address ? '' : name, address };
}

/** Undefined for an attachment that is only told of. */
function partOf(reader: msgreader.default, field: FieldsData, index: number): Part | undefined {
  const isMessage = field.innerMsgContent === true;
  if (!isMessage && field.dataId === undefined) return undefined;
  const { content } = reader.getAttachment(field);
  const subject = field.innerMsgContentFields?.subject ?? field.name ?? '';
  const name = field.fileName ?? field.fileNameShort ?? field.name ?? '';
  const contentId = (field.pidContentId ?? '').trim().replace(/^<|>$/g, '');
  return {
    name: (isMessage ? `${subject || 'message'}.msg` : name) || `attachment-${index + 1}`,
    mediaType: isMessage ? 'application/vnd.ms-outlook' : (field.attachMimeTag ?? ''),
    content,
    contentId,
    location: '',
    isAttached: field.attachmentHidden !== true && contentId === '',
    modified: isoDate(field.lastModificationTime ?? ''),
  };
}
