/** Whose document a compound file is; `office` and `workbook` are those of lesser programs. */
export type CompoundDocument = (typeof documents)[number][0];

/**
 * What programs keep in the root of their compound files. The first that is there counts, as some keep there also what others know by the
 * same name.
 */
const documents = [
  // A package of Office Open XML that is protected by a password ([MS-OFFCRYPTO] 2.3.4).
  ['encrypted-package', ['EncryptedPackage']],
  ['mail', ['__properties_version1.0']],
  ['word', ['WordDocument']],
  ['powerpoint', ['PowerPoint Document', 'PP97_DUALSTORAGE']],
  // Visio, Publisher, Works; StarOffice.
  ['office', ['VisioDocument', 'Quill', 'MatOST']],
  ['office', ['StarWriterDocument', 'StarDrawDocument3', 'StarImpressDocument']],
  ['excel', ['Workbook', 'Book']],
  ['workbook', ['StarCalcDocument']],
] as const;

/** Tells by what a compound file holds whose document it is; undefined where that is nobody's. */
export function documentIn(compound: { has(name: string): boolean }): CompoundDocument | undefined {
  return documents.find(([, names]) => names.some((name) => compound.has(name)))?.[0];
}
