import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../../sandbox/child.ts';
import { Refused } from '../../sandbox/refusal.ts';
import { decryptPackage } from '../compound/child-decrypt.ts';
import { fontWarnings } from './child-fonts.ts';
import { kindOf } from './child-kind.ts';
import { keepSheets, sheetsOf } from './child-sheets.ts';
import type { Office } from './child-soffice.ts';
import { writeAsUtf8 } from './child-text.ts';
import { type Installation, missingModules } from './installation.ts';
import { type KindName, kinds } from './kinds.ts';
import { documentName, type OfficeReply, type OfficeRequest, resultName } from './messages.ts';

const [givenFolder, madeFolder] = ['/tmp/given', '/tmp/made'];

/** Makes a PDF of a document. Throws Refused and Stuck. */
export async function convert(
  request: OfficeRequest,
  files: Files,
  office: Office,
  installation: Installation,
): Promise<OfficeReply> {
  const { document, kind } = prepare(request, files);
  const { extension, filter, module } = kinds[kind];
  if (missingModules(installation).includes(module)) throw new Refused('module', module);
  const name = `document.${extension}`;
  const given = join(givenFolder, name);
  if (kind === 'txt') writeAsUtf8(document, given);
  else symlinkSync(document, given);
  const isBook = module === 'Calc';
  const to =
    isBook && request.fitsPages
      ? 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
      : 'pdf';
  await office.run(['--headless', `--infilter=${filter}`, '--convert-to', to, '--outdir', madeFolder, given]);
  const made = join(madeFolder, 'document.pdf');
  if (!existsSync(made)) throw new Refused('office', 'it is damaged, or of a kind that it does not know');
  const result = files.output(resultName);
  const sheets = isBook && (request.sheet !== '' || request.fitsPages) ? sheetsOf(document, kind) : undefined;
  const isPart = isBook && (request.sheet !== '' || sheets?.some(({ isHidden }) => isHidden) === true);
  if (isPart) await keepSheets(made, request, sheets, result);
  else copyFileSync(made, result);
  return { warnings: fontWarnings(document, kind, made) };
}

/** The document without a protection by a password, and what it is. */
function prepare({ extension, password }: OfficeRequest, files: Files): { document: string; kind: KindName } {
  mkdirSync(givenFolder);
  mkdirSync(madeFolder);
  const document = files.input(documentName);
  const told = kindOf(document, extension);
  if (told.kind !== 'encrypted-package') return { document, kind: told.kind };
  const open = join(givenFolder, 'opened');
  decryptPackage(document, password, open);
  const inside = kindOf(open, '');
  if (inside.kind === 'encrypted-package') throw new Refused('office', 'it is protected twice');
  return { document: open, kind: inside.kind };
}
