import { zipOf } from './zip.ts';

const namespaces = [
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"',
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"',
].join(' ');
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
const openDocument = [
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"',
  'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"',
  'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"',
  'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"',
  'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"',
  'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"',
  'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"',
  'xmlns:xlink="http://www.w3.org/1999/xlink"',
  'office:version="1.2"',
].join(' ');

/** A relation of a part to something outside of the package, or to another part. */
export interface Relation {
  readonly id: string;
  /** Last part of its type: `image`. */
  readonly type: string;
  readonly target: string;
  readonly isExternal?: boolean;
}

/** Paragraphs of WordprocessingML. */
export function paragraphs(...texts: readonly string[]): string {
  return texts.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join('');
}

export const newPage = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>';

/** A document of Word with this body, and what its relations lead to. */
export function docx(
  body: string,
  own: {
    readonly relations?: readonly Relation[];
    readonly parts?: Readonly<Record<string, string | Uint8Array>>;
    readonly type?: string;
  } = {},
): Buffer {
  const {
    relations: ofDocument = [],
    parts = {},
    type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
  } = own;
  return zipOf([
    {
      name: '[Content_Types].xml',
      data: `<Types xmlns="${types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${type}"/></Types>`,
    },
    {
      name: '_rels/.rels',
      data: relationsOf([{ id: 'r1', type: 'officeDocument', target: 'word/document.xml' }]),
    },
    { name: 'word/document.xml', data: `<w:document ${namespaces}><w:body>${body}</w:body></w:document>` },
    { name: 'word/_rels/document.xml.rels', data: relationsOf(ofDocument) },
    ...Object.entries(parts).map(([name, data]) => ({ name, data })),
  ]);
}

function relationsOf(some: readonly Relation[]): string {
  const items = some.map(
    ({ id, type, target, isExternal = false }) =>
      `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"${isExternal ? ' TargetMode="External"' : ''}/>`,
  );
  return `<Relationships xmlns="${packageRelations}">${items.join('')}</Relationships>`;
}

/** A text document of OpenDocument with this body; `before` stands in front of its root, `parts` are further files. */
export function odt(
  body: string,
  own: {
    readonly before?: string;
    readonly parts?: Readonly<Record<string, string>>;
    readonly scripts?: string;
  } = {},
): Buffer {
  const { before = '', parts = {}, scripts = '' } = own;
  const media = 'application/vnd.oasis.opendocument.text';
  const files = ['content.xml', ...Object.keys(parts)];
  const manifest = files.map(
    (name) => `<manifest:file-entry manifest:full-path="${name}" manifest:media-type="text/xml"/>`,
  );
  return zipOf([
    { name: 'mimetype', data: media, isStored: true },
    {
      name: 'META-INF/manifest.xml',
      data: `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="${media}"/>${manifest.join('')}</manifest:manifest>`,
    },
    {
      name: 'content.xml',
      data: `<?xml version="1.0"?>${before}<office:document-content ${openDocument}>${scripts}<office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    },
    ...Object.entries(parts).map(([name, data]) => ({ name, data })),
  ]);
}
