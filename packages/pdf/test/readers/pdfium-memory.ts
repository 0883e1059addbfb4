import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { init } from '@embedpdf/pdfium';

/** PDFium in WebAssembly, started once for each process that imports this. */
export let pdfium = await start();

/** Starts PDFium anew after a file on which it broke down: what was in its memory then is of no use. */
export async function restartPdfium(): Promise<void> {
  pdfium = await start();
}

async function start(): ReturnType<typeof init> {
  const { buffer } = readFileSync(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')));
  const started = await init({ wasmBinary: buffer } as Parameters<typeof init>[0]);
  started.PDFiumExt_Init();
  return started;
}

/** The part of PDFium's memory that has these bytes; its view is made anew, for memory that grows leaves old ones empty. */
function memory(at: number, length: number): Buffer {
  const { buffer } = (pdfium.pdfium as unknown as { readonly HEAPU8: Uint8Array }).HEAPU8;
  return Buffer.from(buffer, at, length);
}

/** Runs a step with so many bytes of PDFium's memory, zeroed, and gives them back, whatever happens. */
export function withBytes<Result>(length: number, step: (at: number, bytes: () => Buffer) => Result): Result {
  const at = pdfium.pdfium.wasmExports.malloc(Math.max(1, length));
  if (at === 0) throw new Error(`PDFium has no ${length} bytes left.`);
  try {
    memory(at, length).fill(0);
    return step(at, () => memory(at, length));
  } finally {
    pdfium.pdfium.wasmExports.free(at);
  }
}

/** What a function of PDFium writes that is called with a place and its size, and answers the size that it needs. */
export function written(call: (at: number, length: number) => number): Buffer {
  const length = call(0, 0);
  if (length <= 0) return Buffer.alloc(0);
  return withBytes(length, (at, bytes) => {
    call(at, length);
    return Buffer.from(bytes());
  });
}

/** The same where it writes UTF-16 with a zero at the end. */
export function text(call: (at: number, length: number) => number): string {
  return written(call).toString('utf16le').replace(/\0$/, '');
}

/** So many numbers of four bytes that a function of PDFium writes, or nothing if it answers false or 0. */
export function floats(count: number, call: (at: number) => boolean | number): number[] | undefined {
  return withBytes(count * 4, (at, bytes) => {
    const answer = call(at);
    if (answer === false || answer === 0) return undefined;
    return Array.from({ length: count }, (_, index) => Math.fround(bytes().readFloatLE(index * 4)));
  });
}
