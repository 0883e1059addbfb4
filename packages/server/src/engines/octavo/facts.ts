import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { BoxDied } from '../../sandbox/sandbox.ts';
import type { DocumentFacts, FileHandle } from '../capabilities.ts';

const bytesMax = 64 * 1024 * 1024;

const date = z.object({ raw: z.string(), iso: z.string().optional() }).optional();
const text = z.string().optional();
const permissions = z.object({
  print: z.boolean(),
  printHighQuality: z.boolean(),
  modify: z.boolean(),
  extract: z.boolean(),
  annotate: z.boolean(),
  fillForms: z.boolean(),
  accessibility: z.boolean(),
  assemble: z.boolean(),
});
const place = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });
const field = z.object({
  name: z.string(),
  type: z.string(),
  alternateName: text,
  value: z.union([z.string(), z.array(z.string())]).optional(),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
  flags: z.array(z.string()),
  maxLength: z.number().optional(),
  widgets: z.array(
    z.object({
      pageIndex: z.int().nonnegative().optional(),
      place: place.optional(),
      state: text,
      isOn: z.boolean(),
    }),
  ),
});
const facts: z.ZodType<DocumentFacts> = z.object({
  pageCount: z.int().nonnegative(),
  version: z.string(),
  pages: z.array(z.object({ width: z.number(), height: z.number(), rotate: z.number() })),
  information: z.object({
    title: text,
    author: text,
    subject: text,
    keywords: text,
    creator: text,
    producer: text,
    created: date,
    modified: date,
  }),
  encryption: z
    .object({
      algorithm: z.enum(['RC4', 'AES', 'none']),
      keyBits: z.number(),
      passwordNeeded: z.boolean(),
    })
    .optional(),
  permissions,
  bookmarks: z.array(z.object({ title: z.string(), level: z.int().nonnegative() })),
  attachments: z.array(z.object({ name: z.string() })),
  hasForm: z.boolean(),
  hasXfa: z.boolean(),
  hasScripts: z.boolean(),
  isSigned: z.boolean(),
  isPortfolio: z.boolean(),
  tagged: z.boolean(),
  linearized: z.boolean(),
  repaired: z.boolean(),
  language: text,
  conformance: z.object({ pdfA: text, pdfUA: text, pdfX: text }),
  form: z
    .object({ fields: z.array(field), signatures: z.array(z.object({ fieldName: z.string() })) })
    .optional(),
});

/** Reads what a box says a document is. Throws BoxDied where it makes no sense. */
export function readFacts({ path, sizeBytes }: FileHandle): DocumentFacts {
  if (sizeBytes > bytesMax) throw new BoxDied('crash', 'It had too much to say of a document.');
  try {
    return facts.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new BoxDied('crash', `What it said of a document makes no sense: ${String(error).slice(0, 500)}`);
  }
}
