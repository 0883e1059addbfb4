import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { BoxDied, type BoxPool, type BoxProgram } from '../../sandbox/sandbox.ts';
import { ask, inOwnFolder } from '../answers.ts';
import type { Abilities, FileHandle, MailFacts } from '../capabilities.ts';
import type { Engine, EngineContext } from '../engine.ts';
import { readWarnings, refusedIn } from '../octavo/replies.ts';
import { probeIn } from '../probe.ts';
import {
  factsName,
  inputName,
  type MailLimits,
  type MailReply,
  type MailRequest,
  pageName,
} from './messages.ts';

const mebibyte = 1024 * 1024;
const factsBytesMax = 64 * mebibyte;

/** Bounds that no message which a server of mail takes comes near. */
export const mailLimits: MailLimits = {
  bytesMax: 128 * mebibyte,
  attachmentsMax: 1_000,
  pageBytesMax: 64 * mebibyte,
};

/** The program that reads mail, to be started by a Sandbox. A message is in memory as a whole, with all that it holds. */
export function mailProgram(options: { readonly size: number }): BoxProgram {
  return {
    name: 'mail',
    entry: new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    beside: ['compound', 'zip', 'pictures', 'writing'].map(
      (folder) => new URL(`../${folder}/`, import.meta.url),
    ),
    packages: ['postal-mime', '@kenjiuno/msgreader'],
    size: options.size,
    // Few calls come with mail.
    warm: 0,
    limits: {
      memoryBytesMax: 1_024 * mebibyte,
      fileBytesMax: 512 * mebibyte,
      filesMax: mailLimits.attachmentsMax + 2,
      cpuMsMax: 2 * 60_000,
      openFilesMax: 256,
      callsMax: 1_000,
    },
  };
}

/** The engine of mail, over boxes of `mailProgram`. `directory`: on the file system of storage, for the probe. */
export function createMailEngine(
  pool: BoxPool,
  { directory, limits = mailLimits }: { readonly directory: string; readonly limits?: MailLimits },
): Engine {
  return {
    name: 'mail',
    abilities: { 'mail.read': (request, context) => read(pool, limits, request, context) },
    probe: () => probe(pool, directory),
  };
}

const replySchema: z.ZodType<Extract<MailReply, { attachments: unknown }>> = z.object({
  warnings: z.array(z.string()),
  attachments: z.array(
    z.object({
      as: z.string(),
      name: z.string(),
      mediaType: z.string(),
      modified: z.iso.datetime({ offset: true }).optional(),
    }),
  ),
});
const people = z.array(z.object({ name: z.string(), address: z.string() }));
const factsSchema: z.ZodType<MailFacts> = z.object({
  from: people,
  to: people,
  cc: people,
  bcc: people,
  date: z.string(),
  subject: z.string(),
  bodyText: z.string(),
  bodyHtml: z.string(),
});

async function read(
  pool: BoxPool,
  limits: MailLimits,
  { message }: Abilities['mail.read']['takes'],
  context: EngineContext,
): Promise<Abilities['mail.read']['gives']> {
  const request: MailRequest = { limits };
  const inputs = [{ path: message.path, as: inputName }];
  const { reply, made } = await ask(pool, request, inputs, inOwnFolder(context));
  const refused = refusedIn(reply, [message]);
  if (refused !== undefined) throw refused;
  const { success, data } = replySchema.safeParse(reply);
  if (!success) throw new BoxDied('crash', 'It did not say what it found.');
  return {
    page: made(pageName),
    facts: readFacts(made(factsName)),
    attachments: data.attachments.map(({ as, ...said }) => ({ ...made(as), ...said })),
    warnings: readWarnings(data.warnings),
  };
}

function readFacts({ path, sizeBytes }: FileHandle): MailFacts {
  if (sizeBytes > factsBytesMax) throw new BoxDied('crash', 'It had too much to say of a message.');
  try {
    return factsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new BoxDied('crash', 'What it said of a message makes no sense.');
  }
}

/** Reads a message of one line. */
function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const says = { ready: 'Reads mail.', wrong: 'It reads mail wrongly.', failed: 'It does not read mail' };
  return probeIn(directory, pool, says, async (context) => {
    const path = join(context.directory, 'a.eml');
    const text = 'From: a@example.com\r\nSubject: a\r\n\r\ntext\r\n';
    await writeFile(path, text);
    const message = { path, name: 'a.eml', sizeBytes: text.length };
    const { facts } = await read(pool, mailLimits, { message }, context);
    return facts.subject === 'a' && facts.bodyText.trim() === 'text';
  });
}
