import { createCipheriv, createHash } from 'node:crypto';
import { legacyFileKey, legacyUserEntry } from '../../src/crypt/legacy.ts';
import { buildPdf, bytes, objectBytes, type BuildOptions, type Cipher, type Objects } from '../builder.ts';
import type { Sketch } from './sketch.ts';

/** A document that was drawn up, as a file. */
export interface Generated {
  readonly bytes: Buffer;
  /** Opens it; empty if none is needed. */
  readonly password: string;
  /** What kind of file it is and what is in it, for messages. */
  readonly features: readonly string[];
}

/** Writes a sketch as a file of some kind: its cross-reference, encryption and updates are chosen by its seed. */
export function writeSketch(sketch: Sketch, trailer: string, features: readonly string[]): Generated {
  const { random, objects } = sketch;
  const root = sketch.reserve();
  objects[root] = `<< /Type /Catalog ${sketch.catalog.join(' ')} >>`;
  const objectStreamSize = random.chance(50) ? random.between(2, 20) : 0;
  const encryption = random.chance(30) ? encrypt(sketch) : undefined;
  const isUpdated = random.chance(30);
  const options: BuildOptions = {
    root,
    objectStreamSize,
    trailer: `${trailer} ${encryption?.trailer ?? ''}`,
    ...(encryption === undefined ? {} : { cipher: encryption.cipher }),
  };
  const file = isUpdated ? updated(sketch, options) : buildPdf(objects, options);
  const kinds = [
    objectStreamSize > 0 ? 'object streams' : 'classic',
    encryption === undefined ? '' : `encrypted '${encryption.password}'`,
    isUpdated ? 'updated' : '',
  ];
  return {
    bytes: file,
    password: encryption?.password ?? '',
    features: [...kinds.filter((kind) => kind !== ''), ...features],
  };
}

/** AES, 128 bits, revision 4, with an owner's password that nobody knows. */
function encrypt({ random, name }: Sketch): { cipher: Cipher; trailer: string; password: string } {
  const password = random.chance(50) ? 'secret' : '';
  const id = createHash('md5').update(name).digest();
  const owner = createHash('sha256').update(name).digest();
  const key = legacyFileKey({ r: 4, o: owner, p: -4, encryptMetadata: true }, id, bytes(password), 16);
  const hex = (value: Uint8Array): string => `<${Buffer.from(value).toString('hex')}>`;
  const user = Buffer.concat([legacyUserEntry(4, id, key), Buffer.alloc(16)]);
  const cipher: Cipher = (number, plain) => {
    const salt = Buffer.from([number & 255, (number >> 8) & 255, number >> 16, 0, 0, 0x73, 0x41, 0x6c, 0x54]);
    const vector = createHash('md5').update(plain).digest();
    const aes = createCipheriv('aes-128-cbc', createHash('md5').update(key).update(salt).digest(), vector);
    return Buffer.concat([vector, aes.update(plain), aes.final()]);
  };
  const filters =
    '/CF << /StdCF << /CFM /AESV2 /AuthEvent /DocOpen /Length 16 >> >> /StmF /StdCF /StrF /StdCF';
  const trailer = `/ID [${hex(id)} ${hex(id)}] /Encrypt << /Filter /Standard /V 4 /R 4 /Length 128 /P -4 ${filters} /O ${hex(owner)} /U ${hex(user)} >>`;
  return { cipher, trailer, password };
}

/**
 * The file after an update that put right some objects which were wrong and deleted a note. The update's
 * cross-reference is a table where the file's is one, or else a stream.
 */
function updated({ random, objects, pages, name, deleted }: Sketch, options: BuildOptions): Buffer {
  const numbers = Object.keys(objects).map(Number);
  const late = random.shuffled(numbers.filter((number) => number !== options.root)).slice(0, 5);
  const base: Record<number, Objects[number]> = { ...objects };
  base[deleted] = '<< /Type /Annot /Subtype /Text /F 2 /Rect [10 10 90 90] /Contents (deleted) >>';
  for (const number of late) {
    const right = objects[number]!;
    if (typeof right !== 'string') base[number] = { dictionary: '', data: `BT (stale ${name}) Tj ET` };
    else if (pages.some((page) => page.number === number)) base[number] = right.replace('/Rotate', '/Stale');
    else base[number] = '<< /Stale true >>';
  }
  const changes = Object.fromEntries(late.map((number) => [number, objects[number]!]));
  return appendUpdate(buildPdf(base, options), changes, deleted, options);
}

function appendUpdate(file: Buffer, changes: Objects, deleted: number, options: BuildOptions): Buffer {
  const text = file.toString('latin1');
  const previous = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
  const size = Number(/\/Size (\d+)/.exec(text.slice(previous))![1]);
  // Built alone, for the objects with their numbers and encryption; then moved to the end of the file.
  const whole = buildPdf(changes, { ...options, objectStreamSize: 0 });
  const head = whole.indexOf('\n', whole.indexOf('\n') + 1) + 1;
  const body = whole.subarray(head, whole.lastIndexOf('xref\n', whole.length - 30));
  const offsets = Object.keys(changes).map((key) => {
    const at = body.toString('latin1').search(new RegExp(`(?<=^|\\n)${key} 0 obj\n`));
    return [Number(key), file.length + at] as const;
  });
  const start = file.length + body.length;
  const isTable = options.objectStreamSize === 0;
  const entries = `/Size ${isTable ? size : size + 1} /Root ${options.root} 0 R /Prev ${previous} ${options.trailer ?? ''}`;
  if (isTable) {
    const rows = offsets.map(
      ([number, offset]) => `${number} 1\n${String(offset).padStart(10, '0')} 00000 n \n`,
    );
    rows.push(`${deleted} 1\n0000000000 00001 f \n`);
    return Buffer.concat([
      file,
      body,
      bytes(`xref\n${rows.join('')}trailer\n<< ${entries} >>\nstartxref\n${start}\n%%EOF\n`),
    ]);
  }
  const places = [...offsets, [size, start] as const, [deleted, 0] as const];
  const table = Buffer.alloc(places.length * 7);
  for (const [index, [, offset]] of places.entries()) {
    table.writeUInt8(offset === 0 ? 0 : 1, index * 7);
    table.writeUInt32BE(offset, index * 7 + 1);
  }
  const index = places.map(([number]) => `${number} 1`).join(' ');
  const stream = { dictionary: `/Type /XRef /W [1 4 2] /Index [${index}] ${entries}`, data: table };
  return Buffer.concat([file, body, objectBytes(size, stream), bytes(`startxref\n${start}\n%%EOF\n`)]);
}
