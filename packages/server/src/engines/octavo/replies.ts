import { clean, Failure, placeText } from '../../errors.ts';
import { BoxDied } from '../../sandbox/sandbox.ts';
import type { FileHandle } from '../capabilities.ts';
import type { Part } from './messages.ts';

const warningsMax = 100;
const warningLengthMax = 300;

/** Checks what came out of the box. Throws a Failure where a document was refused, BoxDied where it makes no sense. */
export function readReply(reply: unknown, documents: readonly FileHandle[]) {
  const failure = refusedIn(reply, documents);
  if (failure !== undefined) throw failure;
  const { pageCount, warnings } = isObject(reply) ? reply : {};
  if (typeof pageCount !== 'number' || !Number.isSafeInteger(pageCount) || pageCount < 0) {
    throw new BoxDied('crash', 'It gave no number of pages.');
  }
  return { pageCount, warnings: numbered(readWarnings(warnings), documents) };
}

/** Why a box refused these files; undefined where it did not. Throws BoxDied where that makes no sense. */
export function refusedIn(reply: unknown, files: readonly FileHandle[]): Failure | undefined {
  const refused = isObject(reply) ? reply['refused'] : undefined;
  return isObject(refused) ? failureOf(refused, files) : undefined;
}

/** The files of a reply that tells of several. Throws BoxDied where it does not, or names a file twice. */
export function readParts(reply: unknown): Part[] {
  const parts = isObject(reply) ? reply['parts'] : undefined;
  if (!Array.isArray(parts)) throw new BoxDied('crash', 'It named no files.');
  const read = parts.map((part: unknown): Part => {
    const { as, name } = isObject(part) ? part : {};
    if (typeof as !== 'string' || typeof name !== 'string') throw new BoxDied('crash', 'It named no files.');
    return { as, name };
  });
  if (new Set(read.map(({ as }) => as)).size < read.length)
    throw new BoxDied('crash', 'It named a file twice.');
  return read;
}

/** Warnings with the numbers that the client knows its inputs by. */
function numbered(warnings: readonly string[], documents: readonly FileHandle[]): string[] {
  return warnings.map((text) => {
    const [, place, rest] = /^Document (\d+): (.*)$/s.exec(text) ?? [];
    const index = place === undefined && documents.length === 1 ? 0 : Number(place) - 1;
    const number = documents[index]?.number;
    return number === undefined ? text : `Document ${number}: ${rest ?? text}`;
  });
}

/** The warnings of a reply, of a number and a length that an answer can hold. */
export function readWarnings(warnings: unknown): string[] {
  if (!Array.isArray(warnings)) return [];
  const texts = warnings.filter((text) => typeof text === 'string');
  return texts.slice(0, warningsMax).map((text) => clean(text, warningLengthMax));
}

/** The row of the table of failures for an error of the core. */
function failureOf(refused: Record<string, unknown>, documents: readonly FileHandle[]): Failure {
  const { code, input, message } = refused;
  const place = placeOf(input, documents);
  const reason = typeof message === 'string' ? clean(message, warningLengthMax) : '';
  const options = { detail: reason };
  switch (code) {
    case 'not-pdf':
    case 'damaged':
      return new Failure('documentDamaged', { place }, options);
    case 'password':
      return new Failure('passwordWrong', {}, options);
    case 'search':
      return new Failure('fieldInvalid', { field: 'searchString', expected: asReason(reason) });
    case 'forbidden':
      return new Failure('extractionForbidden');
    case 'new-password':
      return new Failure('newPasswordInvalid', { reason: asReason(reason) }, options);
    case 'unsupported-encryption':
      return new Failure(
        'documentTooComplex',
        { place, reason: 'this kind of encryption is not supported' },
        options,
      );
    case 'page-index':
      return new Failure('pageUnknown', { reason: asReason(reason) });
    case 'page-range':
      // Without details: the reason quotes the client, who may have written a link there.
      return new Failure('pagesInvalid', { reason: asReason(reason) });
    case 'picture':
      return new Failure('pictureDamaged', { place }, options);
    case 'archive':
      return new Failure('archiveRefused', { place, reason: asReason(reason) }, options);
    case 'mail':
      return new Failure('mailDamaged', { place }, options);
    case 'kind':
      return new Failure('kindRefused', { place, reason: asReason(reason) }, options);
    case 'workbook':
      return new Failure('workbookRefused', { place, reason: asReason(reason) }, options);
    case 'sheet':
      return new Failure('sheetUnknown', { reason: asReason(reason) });
    case 'limit':
      return new Failure('documentTooComplex', { place, reason: asReason(reason) }, options);
    default:
      throw new BoxDied('crash', 'It gave an error that it cannot have.');
  }
}

/** Which document, for the sentence of a failure; empty where none is known. */
function placeOf(input: unknown, documents: readonly FileHandle[]): string {
  const index = typeof input === 'number' ? input : -1;
  const document = documents[index];
  return document === undefined ? '' : placeText({ number: index + 1, ...document });
}

/** A sentence as the end of another one. */
function asReason(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
