export type { EncryptionMethod, Permissions } from './crypt/encryption.ts';
export { PdfError, type PdfErrorCode } from './errors.ts';
export { fileSink, memorySink, type MemorySink, type Sink } from './file/sink.ts';
export { bytesSource, fileSource, type Source } from './file/source.ts';
export { allPages, deletePages, insertPages, rotatePages, type PagePlace } from './document/page-list.ts';
export { parsePageRanges, splitRanges } from './document/page-ranges.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { attach } from './verbs/attach.ts';
export type { NewAttachment, Relationship } from './document/embedded-files.ts';
export {
  attachments,
  type AttachmentsOptions,
  type AttachmentsResult,
  type ExtractedAttachment,
} from './verbs/attachments.ts';
export { decrypt } from './verbs/decrypt.ts';
export { encrypt, type EncryptOptions } from './verbs/encrypt.ts';
export { info, type DocumentInfo, type InfoOptions } from './verbs/info.ts';
export { merge, type MergeInput, type MergeOptions, type MergeResult } from './verbs/merge.ts';
export { pages, type PagesOptions } from './verbs/pages.ts';
export { optimise, type OptimiseOptions, type OptimiseResult } from './verbs/optimise.ts';
export {
  pictureDocument,
  type Orientation,
  type PictureDocument,
  type PicturePage,
} from './verbs/picture-document.ts';
export { pictures, type Pictures } from './verbs/pictures.ts';
export type { RewriteOptions, RewriteResult } from './verbs/rewrite.ts';
export { split, type SplitOptions, type SplitParts, type SplitResult } from './verbs/split.ts';
export type { PageGeometry } from './document/page.ts';
export type { AttachmentInfo } from './document/facts/attachments.ts';
export type { Bookmark } from './document/facts/bookmarks.ts';
export type { Conformance } from './document/facts/conformance.ts';
export type { DocumentDate } from './document/facts/dates.ts';
export type { EncryptionInfo } from './document/facts/encryption.ts';
export type { FieldType } from './document/facts/field-flags.ts';
export type { FieldOption, FieldValue } from './document/facts/field-values.ts';
export type { FieldInfo, Form, WidgetInfo } from './document/facts/fields.ts';
export type { Information } from './document/facts/information.ts';
export type { LayerInfo } from './document/facts/layers.ts';
export type { Place } from './document/facts/places.ts';
export type { SignatureInfo } from './document/facts/signatures.ts';
export type { Viewing } from './document/facts/viewing.ts';
export type { PictureColorSpace } from './document/pictures/color-space.ts';
export type { PictureInfo } from './document/pictures/picture.ts';
export type { StoredColorSpace, StoredPicture, Stretch } from './document/pictures/page-picture.ts';
export type { PictureReplacement, Replacements } from './document/pictures/replace.ts';
export { encodeCcitt, type CcittData } from './filters/ccitt-encode.ts';
