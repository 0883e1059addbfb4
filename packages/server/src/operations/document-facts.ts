import type { DateFact, DocumentFacts, FieldFacts } from '../engines/capabilities.ts';

type Widget = FieldFacts['widgets'][number];

/** Words of the wire for the types of fields. */
const types: Readonly<Record<string, string>> = {
  text: 'EditBox',
  checkBox: 'CheckBox',
  radioButton: 'RadioButton',
  pushButton: 'PushButton',
  comboBox: 'ComboBox',
  listBox: 'ListBox',
  signature: 'Signature',
};

/**
 * The member `info` of the answers: those that clients of the original print or read, then ours. Texts, numbers and
 * booleans, as they are printed in a loop; what a document does not say is an empty text.
 */
export function infoOf(facts: DocumentFacts): Readonly<Record<string, unknown>> {
  const { information, encryption, permissions, conformance } = facts;
  return {
    PageCount: facts.pageCount,
    Author: information.author ?? '',
    Title: information.title ?? '',
    Producer: information.producer ?? '',
    Subject: information.subject ?? '',
    CreationDate: usDate(information.created),
    Bookmarks: facts.bookmarks.map(({ title, level }) => '  '.repeat(level) + title).join('\n'),
    Keywords: information.keywords ?? '',
    Creator: information.creator ?? '',
    Encrypted: encryption !== undefined,
    PasswordProtected: encryption?.passwordNeeded ?? false,
    PageRectangle: pageRectangle(facts),
    ModificationDate: usDate(information.modified),
    AttachmentCount: facts.attachments.length,
    EncryptionAlgorithm: algorithm(facts),
    PermissionPrinting: permissions.print,
    PermissionModifyDocument: permissions.modify,
    PermissionContentExtraction: permissions.extract,
    PermissionModifyAnnotations: permissions.annotate,
    PermissionFillForms: permissions.fillForms,
    PermissionAccessibility: permissions.accessibility,
    PermissionAssemble: permissions.assemble,
    PermissionHighQualityPrint: permissions.printHighQuality,
    Version: facts.version,
    PageSizes: pageSizes(facts),
    Attachments: facts.attachments.map(({ name }) => name).join('\n'),
    FieldCount: facts.form?.fields.length ?? 0,
    SignatureCount: facts.form?.signatures.length ?? 0,
    Signed: facts.isSigned,
    XFA: facts.hasXfa,
    Tagged: facts.tagged,
    Scripts: facts.hasScripts,
    Portfolio: facts.isPortfolio,
    Linearized: facts.linearized,
    Repaired: facts.repaired,
    Language: facts.language ?? '',
    PDFA: conformance.pdfA ?? '',
    PDFUA: conformance.pdfUA ?? '',
    PDFX: conformance.pdfX ?? '',
  };
}

/** Each field once for each place where it is shown; one that is shown nowhere once, with `PageIndex` 0. */
export function fieldsOf({ form }: DocumentFacts): readonly object[] {
  return (form?.fields ?? []).flatMap((field) =>
    field.widgets.length === 0
      ? [fieldOf(field, undefined)]
      : field.widgets.map((widget) => fieldOf(field, widget)),
  );
}

function fieldOf(field: FieldFacts, widget: Widget | undefined): object {
  const { left = 0, top = 0, width = 0, height = 0 } = widget?.place ?? {};
  return {
    PageIndex: widget?.pageIndex === undefined ? 0 : widget.pageIndex + 1,
    Type: types[field.type] ?? 'Unknown',
    FieldName: field.name,
    AltFieldName: field.alternateName ?? '',
    Value: valueOf(field, widget),
    Left: left,
    Top: top,
    Width: width,
    Height: height,
    ...(field.options.length === 0 ? {} : { Options: field.options.map(({ value }) => value) }),
    ...(widget?.state === undefined ? {} : { OnValue: widget.state }),
    ReadOnly: field.flags.includes('readOnly'),
    Required: field.flags.includes('required'),
    Flags: field.flags.join(', '),
    ...(field.maxLength === undefined ? {} : { MaxLength: field.maxLength }),
  };
}

/** Always a text: of check boxes and radio buttons whether this one is on. */
function valueOf({ type, value }: FieldFacts, widget: Widget | undefined): string {
  if ((type === 'checkBox' || type === 'radioButton') && widget !== undefined)
    return widget.isOn ? 'True' : 'False';
  return typeof value === 'string' ? value : (value ?? []).join(', ');
}

/** `8/7/2020 11:17:29 AM`, the time that the document says, wherever it was; what is no date as it stands. */
function usDate(date: DateFact | undefined): string {
  const [, year, month, day, hour, rest] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d)(:\d\d:\d\d)/.exec(date?.iso ?? '') ?? [];
  if (year === undefined) return date?.raw ?? '';
  const hours = Number(hour);
  return `${Number(month)}/${Number(day)}/${Number(year)} ${hours % 12 || 12}${rest} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** What is shown of the first page, in points, in the members of a .NET RectangleF. */
function pageRectangle({ pages: [first] }: DocumentFacts): object {
  const [width, height] = [first?.width ?? 0, first?.height ?? 0];
  return {
    Location: { IsEmpty: true, X: 0, Y: 0 },
    Size: `${width}, ${height}`,
    X: 0,
    Y: 0,
    Width: width,
    Height: height,
    Left: 0,
    Top: 0,
    Right: width,
    Bottom: height,
    IsEmpty: width === 0 || height === 0,
  };
}

const sizesMax = 100;

/** `1-3: 612 x 792; 4: 842 x 595, turned by 90`. */
function pageSizes({ pages }: DocumentFacts): string {
  const runs: { size: string; from: number; to: number }[] = [];
  for (const [index, { width, height, rotate }] of pages.entries()) {
    const size = `${width} x ${height}${rotate === 0 ? '' : `, turned by ${rotate}`}`;
    const last = runs.at(-1);
    if (last?.size === size) last.to = index + 1;
    else if (runs.push({ size, from: index + 1, to: index + 1 }) > sizesMax) break;
  }
  const told = runs
    .slice(0, sizesMax)
    .map(({ size, from, to }) => `${from === to ? from : `${from}-${to}`}: ${size}`);
  return told.join('; ') + (runs.length > sizesMax ? '; ...' : '');
}

function algorithm({ encryption }: DocumentFacts): string {
  if (encryption === undefined || encryption.algorithm === 'none') return 'None';
  return `${encryption.algorithm}_${encryption.keyBits}bit`;
}
