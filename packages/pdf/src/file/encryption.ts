import type { CryptFilter, EncryptionDictionary } from '../crypt/security.ts';
import { nameOf, numberOf, type PdfDictionary, type PdfObject } from '../objects/object.ts';
import { PdfString } from '../objects/string.ts';
import type { ByteBuffer } from '../syntax/byte-buffer.ts';
import { writeHexString } from '../syntax/write.ts';
import type { Resolve } from './filter-steps.ts';

/** The encryption dictionary of a trailer (ISO 32000-2, 7.6.2) with its references followed. */
export function encryptionDictionary(encrypt: PdfDictionary, resolve: Resolve): EncryptionDictionary {
  const get = (key: string): PdfObject => resolve(encrypt.get(key));
  return {
    filter: nameOf(get('Filter')) ?? '',
    v: numberOf(get('V')) ?? 0,
    r: numberOf(get('R')) ?? 0,
    lengthBits: numberOf(get('Length')) ?? 40,
    o: bytesOf(get('O')) ?? new Uint8Array(0),
    u: bytesOf(get('U')) ?? new Uint8Array(0),
    oe: bytesOf(get('OE')),
    ue: bytesOf(get('UE')),
    perms: bytesOf(get('Perms')),
    p: numberOf(get('P')) ?? 0,
    encryptMetadata: get('EncryptMetadata') !== false,
    cryptFilters: cryptFilters(get('CF'), resolve),
    stmF: nameOf(get('StmF')) ?? 'Identity',
    strF: nameOf(get('StrF')) ?? 'Identity',
    eff: nameOf(get('EFF')),
  };
}

function cryptFilters(object: PdfObject, resolve: Resolve): Map<string, CryptFilter> {
  const filters = new Map<string, CryptFilter>();
  if (!(object instanceof Map)) return filters;
  for (const [name, value] of object) {
    const filter = resolve(value);
    if (!(filter instanceof Map)) continue;
    const cfm = nameOf(resolve(filter.get('CFM'))) ?? 'None';
    const lengthBytes = numberOf(resolve(filter.get('Length')));
    filters.set(name, lengthBytes === undefined ? { cfm } : { cfm, lengthBytes });
  }
  return filters;
}

/** The first string of /ID (ISO 32000-2, 14.4), which goes into the key; empty if there is none. */
export function firstId(trailer: PdfDictionary, resolve: Resolve): Uint8Array {
  const id = resolve(trailer.get('ID'));
  return (Array.isArray(id) ? bytesOf(resolve(id[0])) : undefined) ?? new Uint8Array(0);
}

function bytesOf(object: PdfObject): Uint8Array | undefined {
  return object instanceof PdfString ? object.bytes : undefined;
}

/** The dictionary of a stream without its own crypt filter and the parameters of that, if it has one. */
export function withoutCryptFilter(dictionary: PdfDictionary, resolve: Resolve): PdfDictionary {
  if (ownCryptFilter(dictionary, resolve) === undefined) return dictionary;
  const result = new Map(dictionary);
  for (const key of ['Filter', 'DecodeParms']) {
    const value = resolve(dictionary.get(key));
    if (Array.isArray(value) && value.length > 1) result.set(key, value.slice(1));
    else result.delete(key);
  }
  return result;
}

/** The name of a stream's own crypt filter (ISO 32000-2, 7.4.10), or undefined if it goes by the document's. */
export function ownCryptFilter(dictionary: PdfDictionary, resolve: Resolve): string | undefined {
  const filter = resolve(dictionary.get('Filter'));
  const first = Array.isArray(filter) ? resolve(filter[0]) : filter;
  if (nameOf(first) !== 'Crypt') return undefined;
  const parms = resolve(dictionary.get('DecodeParms'));
  const own = Array.isArray(parms) ? resolve(parms[0]) : parms;
  return (own instanceof Map ? nameOf(resolve(own.get('Name'))) : undefined) ?? 'Identity';
}

/** Writes an encryption dictionary (ISO 32000-2, tables 20 and 21). */
export function writeEncryption(out: ByteBuffer, dictionary: EncryptionDictionary): void {
  const { v, r, lengthBits, p, stmF, strF } = dictionary;
  const strings = {
    O: dictionary.o,
    U: dictionary.u,
    OE: dictionary.oe,
    UE: dictionary.ue,
    Perms: dictionary.perms,
  };
  out.ascii(`<</Filter/Standard/V ${v}/R ${r}/Length ${lengthBits}/P ${p}`);
  for (const [key, bytes] of Object.entries(strings))
    if (bytes !== undefined) {
      out.ascii(`/${key}`);
      writeHexString(out, bytes);
    }
  if (dictionary.cryptFilters.size > 0) {
    out.ascii('/CF<<');
    for (const [name, { cfm, lengthBytes }] of dictionary.cryptFilters)
      out.ascii(`/${name}<</AuthEvent/DocOpen/CFM/${cfm}/Length ${lengthBytes}>>`);
    out.ascii(`>>/StmF/${stmF}/StrF/${strF}`);
  }
  out.ascii(dictionary.encryptMetadata ? '>>' : '/EncryptMetadata false>>');
}
