import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type FileLink, wholeMinutes } from '../links/links.ts';
import { type RawFields, UploadedPart } from '../operations/fields.ts';
import { keyOf } from './auth.ts';
import { readBody } from './body/body.ts';
import { readPairs } from './body/form.ts';
import { ByteReader } from './body/reader.ts';
import { FieldList } from './fields.ts';
import type { Edge } from './options.ts';

/** A request whose caller is known and whose fields are read. */
export interface ReadRequest {
  readonly tenant: number;
  readonly fields: RawFields;
  /** Deletes the files that came as parts, for a call that was refused. */
  discard(): Promise<void>;
}

/** Finds out who asks, then reads query and body: a stranger's body is not read. Throws Failures, and then keeps no part. */
export async function readRequest(
  edge: Edge,
  request: IncomingMessage,
  needsKey: boolean,
): Promise<ReadRequest> {
  const query = new FieldList();
  readPairs(queryOf(request), query);
  const tenant = needsKey ? await edge.authenticate(keyOf(request, query)) : 0;
  const stored: FileLink[] = [];
  const discard = async () => {
    await Promise.all(stored.map((link) => edge.files.discard(link)));
  };
  const body = new FieldList();
  const limits = edge.texts.open(edge.settings.fieldBytesMax);
  try {
    if (hasBody(request)) {
      await readBody(new ByteReader(bytesOf(request)), body, limits, (name, bytes) =>
        storePart(edge, tenant, name, bytes, stored),
      );
    }
  } catch (error) {
    await discard();
    throw error;
  } finally {
    limits.release();
  }
  return { tenant, fields: body.over(query), discard };
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

async function storePart(
  edge: Edge,
  tenant: number,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  stored: FileLink[],
): Promise<UploadedPart> {
  const link: FileLink = {
    kind: 'upload',
    id: randomBytes(16).toString('hex'),
    tenant,
    expiresAt: wholeMinutes(edge.clock.now() + edge.settings.fileMinutes * 60_000),
  };
  await edge.files.put(link, bytes, edge.settings.uploadBytesMax);
  stored.push(link);
  return new UploadedPart(edge.links.file(link), name.replaceAll('\0', '').toWellFormed());
}
