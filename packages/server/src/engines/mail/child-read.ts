import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Files } from '../../sandbox/child.ts';
import { Refused, refusalOf } from '../../sandbox/refusal.ts';
import { isCompound } from '../compound/format.ts';
import { readEml } from './child-eml.ts';
import { readMsg } from './child-msg.ts';
import { factsOf } from './facts.ts';
import { isoDate, type Part } from './message.ts';
import {
  type AttachedPart,
  attachmentName,
  factsName,
  inputName,
  type MailReply,
  type MailRequest,
  pageName,
} from './messages.ts';
import { writePage } from './page.ts';

/** What is said of all attachments has to fit into one message. */
const [nameLengthMax, typeLengthMax] = [100, 60];

/** Reads a message: writes its page, what is said of it, and what is attached, each to a file of its own. */
export async function read({ limits }: MailRequest, files: Files): Promise<MailReply> {
  const written: string[] = [];
  const write = (name: string, content: string | Uint8Array): void => {
    const path = files.output(name);
    written.push(path);
    writeFileSync(path, content, { mode: 0o600 });
  };
  try {
    const path = files.input(inputName);
    if (statSync(path).size > limits.bytesMax)
      throw new Refused('limit', `a message of more than ${Math.floor(limits.bytesMax / 1e6)} MB`, 0);
    const bytes = readFileSync(path);
    const message = isCompound(bytes) ? readMsg(path, bytes) : await readEml(bytes);
    const { html, attached, warnings } = writePage(message, limits);
    write(pageName, html);
    write(factsName, JSON.stringify(factsOf(message)));
    for (const [index, { content }] of attached.entries()) write(attachmentName(index), content);
    return {
      attachments: attached.map((part, index) => attachedPart(part, index, isoDate(message.date))),
      warnings: [...message.warnings, ...warnings],
    };
  } catch (error) {
    const refused = { ...refusalOf(error), input: 0 };
    for (const path of written) rmSync(path, { force: true });
    return { refused };
  }
}

function attachedPart({ name, mediaType, modified }: Part, index: number, sent: string): AttachedPart {
  const date = modified === '' ? sent : modified;
  return {
    as: attachmentName(index),
    // The end has the extension.
    name: printable(name).slice(-nameLengthMax).join(''),
    mediaType: printable(mediaType).slice(0, typeLengthMax).join(''),
    ...(date !== '' && { modified: date }),
  };
}

function printable(text: string): string[] {
  return [...text.replaceAll(/\p{C}/gu, '')];
}
