import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';

/** Functions of PDFium as WebAssembly has them: handles, places in memory and truth values are numbers. */
type Functions = {
  readonly [Name in Exclude<keyof WrappedPdfiumModule, 'pdfium'> | 'malloc' | 'free']: (
    ...args: number[]
  ) => number;
};

/** PDFium as it runs. */
export interface Pdfium {
  /** Called without the checks of the package, which cost more than most functions do. */
  readonly call: Functions;
  /** Place of a block of `scratchBytes`, at a multiple of 8, for what the next call writes. */
  readonly scratch: number;
  /** All memory, as it is now: what grows it leaves these views empty. */
  bytes(): Uint8Array;
  integers(): Uint32Array;
  floats(): Float32Array;
  doubles(): Float64Array;
  /** Makes a function of ours one that PDFium can call; `signature` as Emscripten writes it. */
  callback(call: (...args: number[]) => number, signature: string): number;
}

export const scratchBytes = 4_096;

/** What of the package is used besides its functions: what Emscripten leaves on the module. */
interface Module {
  readonly wasmExports: Functions;
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  readonly HEAPF32: Float32Array;
  readonly HEAPF64: Float64Array;
  addFunction(call: (...args: number[]) => number, signature: string): number;
}

let started: Promise<Pdfium> | undefined;

/** PDFium, started with the first document. */
export function openPdfium(): Promise<Pdfium> {
  started ??= start();
  return started;
}

/** Lets the next document have a new PDFium: what is in the memory of one that broke down is of no use. */
export function dropPdfium(): void {
  started = undefined;
}

/** Whether PDFium broke down: WebAssembly trapped, had no memory left, or went in too deep a circle. */
export function isBreakdown(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'RuntimeError' || /call stack size/.test(error.message));
}

async function start(): Promise<Pdfium> {
  const { buffer } = readFileSync(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')));
  const wrapped = await init({ wasmBinary: buffer } as Parameters<typeof init>[0]);
  wrapped.PDFiumExt_Init();
  const module = wrapped.pdfium as unknown as Module;
  const call = module.wasmExports;
  return {
    call,
    scratch: call.malloc(scratchBytes),
    bytes: () => module.HEAPU8,
    integers: () => module.HEAPU32,
    floats: () => module.HEAPF32,
    doubles: () => module.HEAPF64,
    callback: (own, signature) => module.addFunction(own, signature),
  };
}

/** Runs a step with so many zeroed bytes of PDFium's memory, and gives them back, whatever happens. */
export function withBytes<Result>(
  { call, bytes }: Pdfium,
  length: number,
  step: (at: number) => Result,
): Result {
  const at = call.malloc(Math.max(1, length));
  if (at === 0) throw new RangeError('PDFium has no room: array buffer allocation failed.');
  try {
    bytes().fill(0, at, at + length);
    return step(at);
  } finally {
    call.free(at);
  }
}

/** Runs a step with a text as PDFium takes it: UTF-8 with a zero at the end. */
export function withText<Result>(pdfium: Pdfium, text: string, step: (at: number) => Result): Result {
  const bytes = Buffer.from(text.replaceAll('\0', ''));
  return withBytes(pdfium, bytes.length + 1, (at) => {
    pdfium.bytes().set(bytes, at);
    return step(at);
  });
}

const textBytesMax = 1024 * 1024;

/**
 * A text that a function writes as UTF-8 with a zero at the end, which takes a place and its size, and answers the size that it needs;
 * cut where it is longer than 1 MB.
 */
export function narrowText(pdfium: Pdfium, write: (at: number, length: number) => number): string {
  const { scratch } = pdfium;
  const read = (at: number, length: number) =>
    Buffer.from(pdfium.bytes().subarray(at, at + Math.max(0, Math.min(length, textBytesMax))))
      .toString('utf8')
      .replace(/\0.*$/s, '');
  const length = write(scratch, scratchBytes);
  if (length <= scratchBytes) return read(scratch, length);
  return withBytes(pdfium, length, (at) => {
    write(at, length);
    return read(at, length);
  });
}
