/** Compound files: what other programs write is read, byte for byte, and what nobody writes ends in a refusal, and soon. */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CFB } from '@e965/xlsx';
import { type CompoundFile, withCompound } from '../../src/engines/compound/child-compound.ts';
import { decryptPackage } from '../../src/engines/compound/child-decrypt.ts';
import { assertSound } from '../../src/engines/compound/child-sound.ts';
import { documentIn } from '../../src/engines/compound/documents.ts';
import { writeCompound } from '../../src/engines/compound/writer.ts';
import { Refused } from '../../src/sandbox/refusal.ts';
import { compoundOf } from '../program/compound.ts';
import { encryptedWorkbook } from '../program/encrypted-workbook.ts';
import { msgOf } from '../program/msg.ts';
import { workbookOf } from '../program/workbook.ts';

const folder = mkdtempSync(join(tmpdir(), 'octavo-compound-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'file');

/** What is made of a compound file of these bytes. */
function within<Result>(bytes: Uint8Array, use: (compound: CompoundFile) => Result): Result {
  writeFileSync(path, bytes);
  return withCompound(path, use);
}

/** As SheetJS writes it. */
function filed(streams: Readonly<Record<string, Buffer>>): Buffer {
  const compound = CFB.utils.cfb_new();
  for (const [name, bytes] of Object.entries(streams)) CFB.utils.cfb_add(compound, name, bytes);
  return CFB.write(compound, { type: 'buffer' }) as Buffer;
}

const counted = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 7) % 251));

describe('a compound file', () => {
  it('gives its streams by name, whoever wrote it, in parts or whole', () => {
    const streams = { Small: counted(100), Full: counted(4_096), Large: counted(20_000), Least: counted(1) };
    within(filed(streams), (compound) => {
      assertSound(compound);
      for (const [name, bytes] of Object.entries(streams)) {
        const stream = compound.stream(name.toUpperCase());
        assert.ok(stream);
        assert.equal(stream.bytes, bytes.length);
        assert.deepEqual(stream.read(0, bytes.length), bytes);
        for (const [from, length] of [
          [0, 10],
          [60, 30],
          [510, 4],
          [4_000, 2_000],
        ] as const)
          assert.deepEqual(stream.read(from, length), bytes.subarray(from, from + length));
        assert.equal(stream.read(bytes.length, 5).length, 0);
      }
      assert.equal(compound.stream('Other'), undefined);
    });
    const pieces: Uint8Array[] = [];
    const own = counted(70_000);
    writeCompound(
      { write: (piece) => void pieces.push(Buffer.from(piece as Uint8Array)) },
      'Book',
      own.length,
      [own],
    );
    within(Buffer.concat(pieces), (compound) => {
      assertSound(compound);
      assert.deepEqual(compound.stream('Book')?.read(0, own.length), own);
    });
    within(msgOf({ subject: 'a', attachments: [{ name: 'b', data: counted(9_000) }] }), assertSound);
  });

  it('tells only what lies in its root', () => {
    const nodes = [{ name: 'ObjectPool', holds: ['Inner'] }, { name: 'Outer' }];
    for (const sectorBytes of [512, 4_096] as const)
      within(compoundOf(nodes, { sectorBytes }), (compound) => {
        assert.deepEqual(
          ['objectpool', 'OUTER', 'Inner', 'Root Entry'].map((name) => compound.has(name)),
          [true, true, false, false],
        );
        assert.equal(compound.stream('ObjectPool'), undefined);
      });
  });

  it('is the document of the program whose streams it has, whatever is embedded in it', () => {
    const documentOf = (...names: string[]) =>
      within(compoundOf(names.map((name) => ({ name }))), documentIn);
    assert.equal(documentOf('1Table', 'WordDocument'), 'word');
    assert.equal(documentOf('Book', 'Workbook'), 'excel');
    assert.equal(documentOf('EncryptionInfo', 'EncryptedPackage'), 'encrypted-package');
    assert.equal(documentOf('Catalog'), undefined);
    const embedding = compoundOf([{ name: 'MBD0001', holds: ['WordDocument'] }, { name: 'Workbook' }]);
    assert.equal(within(embedding, documentIn), 'excel');
  });

  it('is refused where it is none', () => {
    const whole = filed({ A: counted(9_000) });
    const shifted = Buffer.from(whole);
    shifted.writeUInt16LE(31, 30);
    const rootless = Buffer.from(whole);
    rootless.writeUInt8(2, (whole.readUInt32LE(48) + 1) * 512 + 66);
    for (const bytes of [Buffer.alloc(0), whole.subarray(0, 511), Buffer.alloc(4_096), shifted, rootless])
      assert.throws(() => within(bytes, documentIn), { name: 'Refused', code: 'compound' });
  });

  it('is read to its end or refused, whatever number in it is another', { timeout: 120_000 }, () => {
    const whole = filed({ Small: counted(700), Other: counted(200), Large: counted(9_000) });
    // In the sectors of the large stream there are no numbers that anybody follows.
    const data = whole.indexOf(counted(9_000).subarray(0, 400));
    const isData = (at: number) => at >= data && at < data + 9_000;
    const isUnused = (at: number) => whole.readInt32LE(at - 4) === -1 && whole.readInt32LE(at) === -1;
    const numbers = [0, 1, 0x7fff_ffff, 0xffff_fffe];
    writeFileSync(path, whole);
    const file = openSync(path, 'r+');
    let refused = 0;
    const change = (at: number, number: number) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(number);
      writeSync(file, bytes, 0, 4, at);
    };
    for (let at = 24; at + 4 <= whole.length; at += 4) {
      if (isData(at) || isUnused(at)) continue;
      for (const number of numbers) {
        change(at, number);
        try {
          withCompound(path, (compound) => {
            for (const name of ['Small', 'Other', 'Large']) compound.stream(name)?.read(0, 10_000);
            assertSound(compound);
          });
        } catch (error) {
          assert.ok(error instanceof Refused && error.code === 'compound', `${at}: ${String(error)}`);
          refused++;
        }
      }
      change(at, whole.readUInt32LE(at));
    }
    closeSync(file);
    assert.ok(refused > 100);
  });
});

describe('a file that a library may follow', () => {
  const sectorOf = (bytes: Buffer, place: number) => (bytes.readUInt32LE(place) + 1) * 512;
  const whole = filed({ Small: counted(700), Large: counted(9_000), Last: counted(9_000) });
  const directory = sectorOf(whole, 48);
  const table = sectorOf(whole, 76);
  const entryAt = (name: string) => {
    const at = whole.indexOf(Buffer.from(`${name}\0`, 'utf16le'), directory);
    assert.ok(at >= directory);
    return at;
  };
  const hostile: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
    'a directory in circles': (bytes) =>
      bytes.writeUInt32LE(whole.readUInt32LE(48), table + whole.readUInt32LE(48) * 4),
    'two streams of the same sectors': (bytes) =>
      bytes.writeUInt32LE(whole.readUInt32LE(entryAt('Large') + 116), entryAt('Last') + 116),
    'a stream that is longer than its chain': (bytes) => bytes.writeUInt32LE(90_000, entryAt('Large') + 120),
    'small sectors in circles': (bytes) =>
      bytes.writeUInt32LE(whole.readUInt32LE(entryAt('Small') + 116), sectorOf(whole, 60)),
    'a tree with a loop': (bytes) => bytes.writeUInt32LE(1, directory + 128 + 68),
    'an entry that is not there': (bytes) => bytes.writeUInt32LE(0xfffff, directory + 76),
    'more lists than there are': (bytes) => bytes.writeUInt32LE(0x7fffffff, 72),
    'more tables than there are': (bytes) => bytes.writeUInt32LE(0x7fffffff, 44),
  };
  for (const [what, edit] of Object.entries(hostile))
    it(`has not ${what}`, () => {
      within(whole, assertSound);
      const bytes = Buffer.from(whole);
      edit(bytes);
      assert.throws(() => within(bytes, assertSound), { name: 'Refused', code: 'compound' });
    });
});

describe('a package with a password', () => {
  const book = workbookOf([{ name: 'S', rows: '<row><c><v>1</v></c></row>' }]);
  const opened = join(folder, 'opened');
  const decrypted = (bytes: Buffer, password: string): Buffer => {
    writeFileSync(path, bytes);
    rmSync(opened, { force: true });
    decryptPackage(path, password, opened);
    return readFileSync(opened);
  };

  it('is opened by it, or by the one that everybody has', () => {
    const own = encryptedWorkbook(book, 'sesame ä');
    assert.deepEqual(decrypted(own, 'sesame ä'), book);
    for (const password of ['', 'wrong'])
      assert.throws(() => decrypted(own, password), { name: 'Refused', code: 'password' });
    const everybodys = encryptedWorkbook(book, 'VelvetSweatshop');
    for (const password of ['', 'any']) assert.deepEqual(decrypted(everybodys, password), book);
    // By another program, in the way of 2007.
    const standard = readFileSync(new URL('./libreoffice/documents/standard.docx', import.meta.url));
    assert.equal(decrypted(standard, 'open sesame').toString('latin1', 0, 2), 'PK');
  });

  it('is refused where it says nonsense of itself', () => {
    const changed = (from: string, to: string) =>
      Buffer.from(
        encryptedWorkbook(book, 'a').toString('latin1').replaceAll(from, to.padEnd(from.length)),
        'latin1',
      );
    for (const [from, to, code] of [
      ['spinCount="1000"', 'spinCount="9e99"', 'unsupported-encryption'],
      ['hashAlgorithm="SHA512"', 'hashAlgorithm="MD5"', 'unsupported-encryption'],
      ['keyBits="256"', 'keyBits="8"', 'compound'],
      ['encryptedKeyValue="', 'encryptedKeyNone="', 'compound'],
      ['encryptedVerifierHashInput="', 'encryptedVerifierHashNone_="', 'password'],
    ] as const)
      assert.throws(() => decrypted(changed(from, to), 'a'), { name: 'Refused', code }, from);
    const cut = encryptedWorkbook(book, 'a');
    assert.throws(() => decrypted(compoundOf([{ name: 'EncryptedPackage' }]), 'a'), { code: 'compound' });
    assert.throws(() => decrypted(cut.subarray(0, 700), 'a'), { name: 'Refused', code: 'compound' });
  });
});
