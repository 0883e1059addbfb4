import assert from 'node:assert/strict';
import {
  bytesSource,
  decrypt,
  encrypt,
  memorySink,
  PdfError,
  type EncryptionMethod,
  type EncryptOptions,
} from '../../src/index.ts';
import { buildPdf, type Objects } from '../builder.ts';
import { Result } from '../carriers/result.ts';
import { withoutEngine } from '../engines.ts';
import { inspect } from '../inspect.ts';

/** All methods, the strongest first. */
export const methods: readonly EncryptionMethod[] = ['aes-256', 'aes-128', 'rc4-128', 'rc4-40'];

/** Strings and streams of all kinds. Object 9 is a signature, whose value must come through as it is. */
export const objects: Objects = {
  1: `<< /Type /Catalog /Pages 2 0 R /Lang (de) /Metadata 7 0 R /Extensions << /ABCD << /BaseVersion /1.7
    /ExtensionLevel 2 >> >> /AcroForm << /Fields [8 0 R] /SigFlags 1 >> /PieceInfo << /A << /B [(in) [(deep)]] >> >> >>`,
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents [4 0 R 5 0 R] /Annots [8 0 R] /X 6 0 R
    /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>
    /Strings [() (a) (a secret \\(string\\)) <00ff0d0a5c28> (\\
joined) (exactly 16 bytes)] >>`,
  4: { dictionary: '/Note (of a stream)', data: 'BT /F 9 Tf 9 9 Td (secret content) Tj ET' },
  5: { dictionary: '', data: '' },
  6: { dictionary: '/Filter /ASCIIHexDecode', data: '00ff>' },
  7: {
    dictionary: '/Type /Metadata /Subtype /XML /Note (of metadata)',
    data: '<x:xmpmeta>public?</x:xmpmeta>',
  },
  8: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (signature) /Rect [0 0 9 9] /P 3 0 R /V 9 0 R
    /Contents (a note) >>`,
  9: `<< /Type /Sig /Filter /F /ByteRange [0 1 2 3] /Contents <${'5a'.repeat(48)}> /Reason (a reason) >>`,
  10: '<< /Title (Secret title) /Author <feff00e40062> >>',
};
const trailer = '/Info 10 0 R /ID [<0a0b> <0c0d>]';
/** These objects in the file itself. */
export const classic = buildPdf(objects, { version: '1.3', trailer });
/** The same in object streams. */
export const modern = buildPdf(objects, { version: '1.5', trailer, objectStreamSize: 3 });
/** What is said of the signature. */
export const signed = 'The document was signed; its signatures do not hold in the result.';

/** What encrypt made. */
export interface Encrypted {
  readonly bytes: Buffer;
  readonly version: string;
  readonly warnings: readonly string[];
}

/** Encrypts in memory. */
export function encrypted(file: Uint8Array, options: EncryptOptions): Encrypted {
  const sink = memorySink();
  const { version, warnings } = encrypt(bytesSource(file), sink, options);
  return { bytes: Buffer.from(sink.bytes()), version, warnings };
}

/** Decrypts in memory, and checks that the result is sound. */
export function decrypted(file: Uint8Array, password: string): Buffer {
  const sink = memorySink();
  decrypt(bytesSource(file), sink, { password });
  const result = Buffer.from(sink.bytes());
  inspect(result);
  return result;
}

/** Whether an error says that the password is wrong. */
export const hasPasswordError = (error: unknown): boolean =>
  error instanceof PdfError && error.code === 'password';

/** Every object of a file that is not encrypted, in plain terms, with the data of streams. */
export function everything(file: Buffer): unknown[] {
  const result = new Result(file, []);
  return [...inspect(file).objects]
    .sort(([a], [b]) => a - b)
    .map(([number, { data }]) => {
      const plain = result.plain(result.opened.file.object(number), 0);
      return data === undefined
        ? plain
        : [{ ...(plain as object), Length: data.length }, data.toString('latin1')];
    });
}

/** The same of a file as it is written by a verb that changes nothing, so that the numbers are the same. */
const expected = (file: Buffer): unknown[] => everything(decrypted(decrypted(file, ''), ''));

/** Objects without what encrypting adds to the catalog. */
export function withoutExtensions(list: unknown[]): unknown[] {
  return list.map((object) => {
    if (typeof object !== 'object' || object === null || !('Extensions' in object)) return object;
    return Object.fromEntries(Object.entries(object).filter(([key]) => key !== 'Extensions'));
  });
}

/** Compares a decrypted file with the one that was encrypted, object by object. */
export function sameObjects(actual: Buffer, original: Buffer): void {
  assert.deepEqual(withoutExtensions(everything(actual)), withoutExtensions(expected(original)));
}

/** Why tests that need all engines are skipped. */
export function engineMissing(): string | false {
  return withoutEngine('qpdf') || withoutEngine('mutool') || withoutEngine('pdftotext');
}
