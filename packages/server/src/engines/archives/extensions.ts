import type { FileKind } from '../capabilities.ts';

/** What files are by the ends of their names, where their bytes do not tell. */
const extensions: Readonly<Partial<Record<FileKind, string>>> = {
  pdf: 'pdf',
  office:
    'doc docx docm dot dotx dotm rtf odt ott fodt odm txt text log md wpd wps wri lwp abw sxw stw ' +
    'ppt pptx pptm pot potx potm pps ppsx ppsm odp otp fodp sxi sti odg otg fodg vsd vsdx pub hwp',
  workbook: 'xls xlsx xlsm xlsb xlt xltx xltm xlw ods ots fods sxc stc wk1 wks 123 dbf',
  csv: 'csv tsv tab',
  html: 'html htm xhtml',
  mail: 'eml msg',
};
/** Of text alone: what begins like markup in them is meant as it stands. */
const plain = new Set('txt text log md csv tsv tab'.split(' '));

const kinds: ReadonlyMap<string, FileKind> = new Map(
  Object.entries(extensions).flatMap(([kind, all]) => all.split(' ').map((one) => [one, kind as FileKind])),
);

/** The extension of a name, in small letters; empty where it has none. */
function extensionOf(name: string): string {
  return /\.([^./\\]{1,10})$/.exec(name.trim())?.[1]?.toLowerCase() ?? '';
}

export function kindByName(name: string): FileKind {
  return kinds.get(extensionOf(name)) ?? 'other';
}

/** Whether a name says that its file is text and no more. */
export function isPlainByName(name: string): boolean {
  return plain.has(extensionOf(name));
}
