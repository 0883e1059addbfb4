import type { IncomingMessage } from 'node:http';
import type { Call } from '../calls/call.ts';
import { Failure } from '../errors.ts';
import { type Field, keptMinutesMax, type RawFields, UploadedPart } from '../operations/fields.ts';
import { keyOf } from './auth.ts';
import { readBody } from './body/body.ts';
import { filesInFields, type FilesInFields } from './body/files.ts';
import { readPairs } from './body/form.ts';
import { ByteReader } from './body/reader.ts';
import { FieldList } from '../operations/field-list.ts';
import type { Edge } from './options.ts';
import { RequestFiles } from './request-files.ts';

/** A request whose caller is known and whose fields are read. */
export interface ReadRequest {
  readonly tenant: number;
  readonly fields: RawFields;
  /** What came with it, to be discarded by whoever asked for the request. */
  readonly files: RequestFiles;
}

/** What a URL takes. */
export interface Taken {
  readonly needsKey: Call['needsKey'];
  readonly fields: Readonly<Record<string, Field<unknown>>>;
  /** Whether `expiration` says how long the files are kept that come with the request. */
  readonly keepsParts: boolean;
}

/** Finds out who asks, then reads query and body: a stranger's body is not read. Throws Failures, and then keeps no part. */
export async function readRequest(
  edge: Edge,
  request: IncomingMessage,
  { needsKey, fields, keepsParts }: Taken,
): Promise<ReadRequest> {
  const query = new FieldList();
  readPairs(queryOf(request), query);
  const tenant = await tenantOf(edge, keyOf(request, query), needsKey);
  const files = new RequestFiles(edge, tenant);
  const body = new FieldList();
  const inFields = filesInFields(fields, async (name, bytes) => {
    const minutes = keepsParts ? askedMinutes(edge, body, query) : edge.settings.fileMinutes;
    const token = edge.links.file(await files.store(bytes, minutes));
    return new UploadedPart(token, name.replaceAll('\0', '').toWellFormed());
  });
  const limits = edge.texts.open(edge.settings.fieldBytesMax);
  try {
    if (hasBody(request)) {
      const type = request.headers['content-type'] ?? '';
      await readBody(new ByteReader(bytesOf(request)), body, limits, inFields, type);
    }
    body.addMissing(query);
    await storeTexts(body, inFields);
  } catch (error) {
    await files.discard(true);
    throw error;
  } finally {
    limits.release();
  }
  return { tenant, fields: body.all(), files };
}

function tenantOf(edge: Edge, key: string | undefined, needsKey: Call['needsKey']): number | Promise<number> {
  if (needsKey === 'admin') return edge.authenticateAdmin(key);
  return needsKey ? edge.authenticate(key) : 0;
}

/** Leaves the connection alone when it is ended early: the client is still to hear why. */
export function bytesOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  return request.iterator({ destroyOnReturn: false });
}

/** What a header says of a type does not count: 46 programs send a GET without a body and with a type. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function queryOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

/** A few megabytes of JSON could hold a million of them, and each has to be durable. */
const filesInTextsMax = 1_000;

/** What is known so far of how long the files are kept; what does not fit is found when the fields are read. */
function askedMinutes({ settings }: Edge, body: FieldList, query: FieldList): number {
  const asked = Number(body.text('expiration') ?? query.text('expiration') ?? 0);
  const fits =
    Number.isInteger(asked) && asked > 0 && asked <= Math.min(settings.fileMinutesMax, keptMinutesMax);
  return fits ? asked : settings.fileMinutes;
}

/** Puts the files that are texts of JSON, of a form or of the query into storage; those of multipart forms are there already. */
async function storeTexts(fields: FieldList, files: FilesInFields): Promise<void> {
  let count = 0;
  for (const name of files.names) {
    await fields.replaceTexts(name, async (text) => {
      const file = files.inText(name, text);
      if (file === null) return null;
      if (++count > filesInTextsMax)
        throw new Failure('fieldInvalid', { field: name, expected: `at most ${filesInTextsMax} files` });
      return files.store(file.name, file.bytes);
    });
  }
}
