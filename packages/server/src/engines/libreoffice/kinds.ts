import type { Module } from './installation.ts';

/** How a kind of document is opened: under its own extension, by one filter, whatever the client called it. */
export interface OfficeKind {
  readonly extension: string;
  /** Name of the filter, as `--infilter` takes it. */
  readonly filter: string;
  readonly module: Module;
}

const kind = (extension: string, filter: string, module: Module): OfficeKind => ({
  extension,
  filter,
  module,
});

export const kinds = {
  docx: kind('docx', 'MS Word 2007 XML', 'Writer'),
  xlsx: kind('xlsx', 'Calc MS Excel 2007 XML', 'Calc'),
  xlsb: kind('xlsb', 'Calc MS Excel 2007 Binary', 'Calc'),
  pptx: kind('pptx', 'Impress MS PowerPoint 2007 XML', 'Impress'),
  doc: kind('doc', 'MS Word 97', 'Writer'),
  xls: kind('xls', 'MS Excel 97', 'Calc'),
  ppt: kind('ppt', 'MS PowerPoint 97', 'Impress'),
  odt: kind('odt', 'writer8', 'Writer'),
  ods: kind('ods', 'calc8', 'Calc'),
  odp: kind('odp', 'impress8', 'Impress'),
  odg: kind('odg', 'draw8', 'Impress'),
  sxw: kind('sxw', 'StarOffice XML (Writer)', 'Writer'),
  sxc: kind('sxc', 'StarOffice XML (Calc)', 'Calc'),
  sxi: kind('sxi', 'StarOffice XML (Impress)', 'Impress'),
  fodt: kind('fodt', 'OpenDocument Text Flat XML', 'Writer'),
  fods: kind('fods', 'OpenDocument Spreadsheet Flat XML', 'Calc'),
  fodp: kind('fodp', 'OpenDocument Presentation Flat XML', 'Impress'),
  rtf: kind('rtf', 'Rich Text Format', 'Writer'),
  html: kind('html', 'HTML (StarWriter)', 'Writer'),
  txt: kind('txt', 'Text (encoded):UTF8', 'Writer'),
  csv: kind('csv', 'Text - txt - csv (StarCalc):44,34,76,1', 'Calc'),
} as const satisfies Readonly<Record<string, OfficeKind>>;
export type KindName = keyof typeof kinds;

/** Kinds of Office Open XML by the content type of their main part, without what is around the name. */
export const packageKinds: readonly (readonly [RegExp, KindName])[] = [
  [/wordprocessingml\.(?:document|template)\.main|ms-word\.(?:document|template)\.macroEnabled/i, 'docx'],
  [/spreadsheetml\.(?:sheet|template)\.main|ms-excel\.(?:sheet|template|addin)\.macroEnabled/i, 'xlsx'],
  [/ms-excel\.sheet\.binary/i, 'xlsb'],
  [/presentationml\.(?:presentation|slideshow|template)\.main|ms-powerpoint\.\w+\.macroEnabled/i, 'pptx'],
];

/** Kinds of OpenDocument, and of what came before, by their media type. */
export const mediaKinds: Readonly<Record<string, KindName>> = {
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.text-template': 'odt',
  'application/vnd.oasis.opendocument.text-master': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.spreadsheet-template': 'ods',
  'application/vnd.oasis.opendocument.presentation': 'odp',
  'application/vnd.oasis.opendocument.presentation-template': 'odp',
  'application/vnd.oasis.opendocument.graphics': 'odg',
  'application/vnd.oasis.opendocument.graphics-template': 'odg',
  'application/vnd.sun.xml.writer': 'sxw',
  'application/vnd.sun.xml.calc': 'sxc',
  'application/vnd.sun.xml.impress': 'sxi',
};

/** The same where the document is one XML file. */
export const flatKinds: Readonly<Record<string, KindName>> = {
  'application/vnd.oasis.opendocument.text': 'fodt',
  'application/vnd.oasis.opendocument.spreadsheet': 'fods',
  'application/vnd.oasis.opendocument.presentation': 'fodp',
};
