import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

// Else it would be fetched from the network.
prepareZXingModule({
  overrides: {
    wasmBinary: new Uint8Array(
      readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))),
    ).buffer,
  },
});

/** What a second program reads in a picture: the values of its barcodes. */
export async function valuesIn(picture: Uint8Array): Promise<string[]> {
  const found = await readBarcodes(picture, { tryHarder: true, textMode: 'Plain' });
  return found.map(({ text }) => text);
}
