export { PdfError, type PdfErrorCode } from './errors.ts';
export { fileSink, memorySink, type MemorySink, type Sink } from './file/sink.ts';
export { bytesSource, fileSource, type Source } from './file/source.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { decrypt } from './verbs/decrypt.ts';
export { info, type DocumentInfo } from './verbs/info.ts';
export { merge, type MergeInput, type MergeOptions, type MergeResult } from './verbs/merge.ts';
export type { RewriteOptions, RewriteResult } from './verbs/rewrite.ts';
export type { PageGeometry } from './document/page.ts';
