import { readFileSync } from 'node:fs';
import type { EncryptionDictionary } from '../../src/crypt/security.ts';

/** A document that qpdf 11.3 or mutool 1.21.1 encrypted, reduced to what this package is given of it. */
export interface Fixture {
  readonly name: string;
  readonly user: string;
  readonly owner: string;
  readonly dictionary: EncryptionDictionary;
  readonly fileId: Uint8Array;
  readonly string: Encrypted;
  readonly stream: Encrypted;
  readonly metadata: Encrypted;
}

/** Encrypted bytes of the object with that number, generation 0. */
export interface Encrypted {
  readonly objectNumber: number;
  readonly bytes: Uint8Array;
}

/** What the fixtures hold when they are decrypted. */
export const plaintext = {
  string: 'Fixture title',
  stream: 'BT /F1 12 Tf (Hello) Tj ET\n',
  metadata: '<x:xmpmeta/>',
};

interface Row {
  name: string;
  user: string;
  owner: string;
  v: number;
  r: number;
  lengthBits: number;
  p: number;
  o: string;
  u: string;
  oe?: string;
  ue?: string;
  perms?: string;
  encryptMetadata: boolean;
  cryptFilters: [name: string, cfm: string, length: number | null][];
  stmF: string;
  strF: string;
  fileId: string;
  string: [objectNumber: number, bytes: string];
  stream: [objectNumber: number, bytes: string];
  metadata: [objectNumber: number, bytes: string];
}

const rows = JSON.parse(readFileSync(new URL('fixtures.json', import.meta.url), 'utf8')) as Row[];

/** All of them, in the order of their revisions, those of mutool last. */
export const fixtures: readonly Fixture[] = rows.map((row) => ({
  name: row.name,
  user: row.user,
  owner: row.owner,
  dictionary: {
    filter: 'Standard',
    v: row.v,
    r: row.r,
    lengthBits: row.lengthBits,
    o: hex(row.o),
    u: hex(row.u),
    oe: row.oe === undefined ? undefined : hex(row.oe),
    ue: row.ue === undefined ? undefined : hex(row.ue),
    perms: row.perms === undefined ? undefined : hex(row.perms),
    p: row.p,
    encryptMetadata: row.encryptMetadata,
    cryptFilters: new Map(
      row.cryptFilters.map(([name, cfm, length]) => [
        name,
        length === null ? { cfm } : { cfm, lengthBytes: length },
      ]),
    ),
    stmF: row.stmF,
    strF: row.strF,
  },
  fileId: hex(row.fileId),
  string: encrypted(row.string),
  stream: encrypted(row.stream),
  metadata: encrypted(row.metadata),
}));

/** The fixture of that name. */
export function fixture(name: string): Fixture {
  const found = fixtures.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no fixture ${name}.`);
  return found;
}

function encrypted([objectNumber, bytes]: [number, string]): Encrypted {
  return { objectNumber, bytes: hex(bytes) };
}

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}
