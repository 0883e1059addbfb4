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

/** Whether it broke down because it asked for more memory than there is. */
export function isOutOfMemory(error: Error): boolean {
  return /OOM|out of memory|allocat/i.test(error.message);
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

/** Bytes that a function writes which takes a place and its size, and answers the size that it needs; no more than `bytesMax`. */
function written(
  pdfium: Pdfium,
  write: (at: number, length: number) => number,
  bytesMax: number,
): Buffer<ArrayBuffer> {
  const { scratch } = pdfium;
  const copy = (at: number, length: number) =>
    Buffer.from(pdfium.bytes().subarray(at, at + Math.max(0, length)));
  const length = write(scratch, scratchBytes);
  if (length <= scratchBytes) return copy(scratch, length);
  const room = Math.min(length, bytesMax);
  return withBytes(pdfium, length, (at) => {
    write(at, length);
    return copy(at, room);
  });
}

const textBytesMax = 1024 * 1024;

/** A text that a function writes as UTF-16 with a zero at the end. */
export function wideText(pdfium: Pdfium, write: (at: number, length: number) => number): string {
  return written(pdfium, write, textBytesMax).toString('utf16le').replace(/\0.*$/s, '').toWellFormed();
}

/** A text that a function writes as UTF-8 with a zero at the end. */
export function narrowText(pdfium: Pdfium, write: (at: number, length: number) => number): string {
  return written(pdfium, write, textBytesMax).toString('utf8').replace(/\0.*$/s, '');
}
