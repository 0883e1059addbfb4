import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A value in qpdf's JSON: names begin with `/`, strings with `u:` or `b:`, a reference is `N G R`. */
export type QpdfValue =
  | null
  | boolean
  | number
  | string
  | readonly QpdfValue[]
  | { readonly [key: string]: QpdfValue };

/** An object of a file: a value, or a stream with its data in base64, decoded where no picture is packed in it. */
export interface QpdfObject {
  readonly value?: QpdfValue;
  readonly stream?: { readonly dict: { readonly [key: string]: QpdfValue }; readonly data: string };
}

/** A file as objects, by their references, `N G R`. */
export interface QpdfFile {
  readonly objects: ReadonlyMap<string, QpdfObject>;
  readonly trailer: { readonly [key: string]: QpdfValue };
  /** What qpdf complains of, empty for a sound file. */
  readonly complaints: string;
}

/**
 * Why tests that need qpdf are skipped, or false if they are not. Where OCTAVO_REQUIRE_ENGINES is 1 they are never
 * skipped, so that they fail without it.
 */
export const withoutQpdf: string | false =
  process.env['OCTAVO_REQUIRE_ENGINES'] === '1' || spawnSync('qpdf', ['--version']).status === 0
    ? false
    : 'qpdf is not installed';

/** Reads a file with qpdf. Throws if qpdf gives it up. */
export async function readQpdf(file: Uint8Array, password = ''): Promise<QpdfFile> {
  const options = ['--json=2', '--json-key=qpdf', '--json-stream-data=inline', '--decode-level=generalized'];
  const { output, complaints } = await run(file, password, options);
  const { qpdf } = JSON.parse(output) as { qpdf: [unknown, Record<string, QpdfObject>] };
  const objects = new Map<string, QpdfObject>();
  let trailer: QpdfFile['trailer'] = {};
  for (const [key, object] of Object.entries(qpdf[1]))
    if (key === 'trailer') trailer = object.value as QpdfFile['trailer'];
    else objects.set(key.slice('obj:'.length), object);
  return { objects, trailer, complaints };
}

/** What `qpdf --check` complains of, empty for a sound file. */
export async function checkQpdf(file: Uint8Array, password = ''): Promise<string> {
  const { complaints } = await run(file, password, ['--check']);
  return complaints;
}

/** Runs qpdf on a file; its complaints are without the name of the file. */
function run(
  file: Uint8Array,
  password: string,
  options: readonly string[],
): Promise<{ output: string; complaints: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'octavo-qpdf-'));
  const path = join(directory, 'file.pdf');
  writeFileSync(path, file);
  return new Promise<{ output: string; complaints: string }>((resolve, reject) => {
    const args = [...options, `--password=${password}`, path];
    execFile('qpdf', args, { maxBuffer: 1 << 30 }, (error, output, complaints) => {
      // 3 are warnings.
      if (error !== null && error.code !== 3)
        reject(new Error(`qpdf gives up: ${complaints}`, { cause: error }));
      else resolve({ output, complaints: complaints.replaceAll(path, 'file') });
    });
  }).finally(() => rmSync(directory, { recursive: true }));
}
