/**
 * Facts of the wire that this server is compatible with. They stand here once more, apart from the operations and calls, so that nobody
 * changes one of them unawares. What is not there yet is held to them as soon as it is.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calls } from '../../src/calls/index.ts';
import type { Field } from '../../src/operations/fields.ts';
import { jobFields } from '../../src/operations/job-fields.ts';
import { operations } from '../../src/operations/index.ts';

interface Fact {
  readonly group: string;
  /** Fields of its own; `*` after those that it needs. */
  readonly takes: string;
  /** What holds the result of an operation. */
  readonly answers?: string;
}

/** Of all that reads what stands on pages. */
const reading = 'url* pages inline lang rect unwrap lineGrouping';
/** A workbook never stands in an answer, whatever `inline` says. */
const sheets = 'url* pages lang rect unwrap lineGrouping';

/** Of all that prints a page of the web. */
const printing =
  'margins paperSize orientation header footer printBackground mediaType DoNotWaitFullLoad renderTimeout customScript legacyRendition';

const operationFacts: Readonly<Record<string, Fact>> = {
  '/pdf/merge': { group: 'Merge and split', takes: 'url*', answers: 'url' },
  '/pdf/merge2': { group: 'Merge and split', takes: 'url*', answers: 'url' },
  '/pdf/split': { group: 'Merge and split', takes: 'url* pages*', answers: 'urls' },
  '/pdf/split2': {
    group: 'Merge and split',
    takes: 'url* searchString* excludeKeyPages regexSearch caseSensitive',
    answers: 'urls',
  },
  '/pdf/edit/delete-pages': { group: 'Pages', takes: 'url* pages*', answers: 'url' },
  '/pdf/edit/rotate': { group: 'Pages', takes: 'url* pages angle', answers: 'url' },
  '/pdf/convert/from/html': {
    group: 'Convert to PDF',
    takes: `html templateId templateData ${printing}`,
    answers: 'url',
  },
  '/pdf/convert/from/url': { group: 'Convert to PDF', takes: `url* ${printing}`, answers: 'url' },
  '/url/convert/to/png': { group: 'Web page to picture', takes: 'url*', answers: 'url' },
  '/url/convert/to/jpg': { group: 'Web page to picture', takes: 'url*', answers: 'url' },
  '/pdf/convert/from/email': {
    group: 'Convert to PDF',
    takes: 'url* embedAttachments convertAttachments margins paperSize orientation header footer',
    answers: 'url',
  },
  '/pdf/convert/to/csv': { group: 'Convert from PDF', takes: reading, answers: 'url' },
  '/pdf/convert/to/json': { group: 'Convert from PDF', takes: reading, answers: 'url' },
  '/pdf/convert/to/json2': { group: 'Convert from PDF', takes: reading, answers: 'url' },
  '/pdf/convert/to/json-meta': { group: 'Convert from PDF', takes: reading, answers: 'url' },
  '/pdf/convert/to/text': { group: 'Convert from PDF', takes: reading, answers: 'url' },
  '/pdf/convert/to/xml': { group: 'Convert from PDF', takes: reading, answers: 'url' },
  '/pdf/convert/to/text-simple': {
    group: 'Convert from PDF',
    takes: 'url* pages inline lineEnding',
    answers: 'url',
  },
  '/pdf/convert/to/jpg': { group: 'Convert from PDF', takes: 'url* pages rect', answers: 'urls' },
  '/pdf/convert/to/png': { group: 'Convert from PDF', takes: 'url* pages rect', answers: 'urls' },
  '/pdf/convert/to/webp': { group: 'Convert from PDF', takes: 'url* pages rect', answers: 'urls' },
  '/pdf/convert/to/tiff': { group: 'Convert from PDF', takes: 'url* pages rect', answers: 'url' },
  '/pdf/makeunsearchable': { group: 'Optimise and recognise', takes: 'url* pages', answers: 'url' },
  '/pdf/convert/to/xls': { group: 'Convert from PDF', takes: sheets, answers: 'url' },
  '/pdf/convert/to/xlsx': { group: 'Convert from PDF', takes: sheets, answers: 'url' },
  '/pdf/convert/to/html': { group: 'Convert from PDF', takes: `${reading} simple columns`, answers: 'url' },
  '/pdf/convert/from/doc': { group: 'Convert to PDF', takes: 'url* pages autosize', answers: 'url' },
  '/pdf/convert/from/csv': { group: 'Convert to PDF', takes: 'url* pages', answers: 'url' },
  '/xls/convert/to/pdf': { group: 'Spreadsheets', takes: 'url* worksheetIndex autosize', answers: 'url' },
  '/xls/convert/to/csv': {
    group: 'Spreadsheets',
    takes: 'url* inline worksheetIndex quotationSymbol separatorSymbol',
    answers: 'url',
  },
  '/xls/convert/to/json': { group: 'Spreadsheets', takes: 'url* inline worksheetIndex', answers: 'url' },
  '/xls/convert/to/xml': { group: 'Spreadsheets', takes: 'url* inline worksheetIndex', answers: 'url' },
  '/xls/convert/to/html': { group: 'Spreadsheets', takes: 'url* inline worksheetIndex', answers: 'url' },
  '/xls/convert/to/txt': { group: 'Spreadsheets', takes: 'url* inline worksheetIndex', answers: 'url' },
  '/pdf/convert/from/image': { group: 'Convert to PDF', takes: 'url*', answers: 'url' },
  '/pdf/attachments/extract': { group: 'Extract data', takes: 'url*', answers: 'urls' },
  '/pdf/find': {
    group: 'Information and search',
    takes: 'url* pages searchString* regexSearch wordMatchingMode caseSensitive',
    answers: 'body',
  },
  '/pdf/find/table': { group: 'Information and search', takes: 'url* pages', answers: 'body' },
  '/pdf/info': { group: 'Information and search', takes: 'url*', answers: 'info' },
  '/pdf/info/fields': { group: 'Information and search', takes: 'url*', answers: 'info' },
  '/pdf/security/add': {
    group: 'Security',
    takes:
      'url* ownerPassword* userPassword encryptionAlgorithm allowAccessibilitySupport allowAssemblyDocument allowPrintDocument allowFillForms allowModifyDocument allowContentExtraction allowModifyAnnotations printQuality',
    answers: 'url',
  },
  '/pdf/security/remove': { group: 'Security', takes: 'url*', answers: 'url' },
  '/barcode/generate': {
    group: 'Barcodes',
    takes: 'value* type decorationImage inline',
    answers: 'url',
  },
  '/pdf/optimize': { group: 'Optimise and recognise', takes: 'url*', answers: 'url' },
  '/v2/pdf/compress': { group: 'Optimise and recognise', takes: 'url* config', answers: 'url' },
};

const callFacts: Readonly<Record<string, Fact & { readonly methods: string }>> = {
  '/account/credit/balance': { methods: 'GET', group: 'System', takes: '' },
  '/templates/html': { methods: 'GET', group: 'System', takes: '' },
  '/templates/html/{id}': { methods: 'GET', group: 'System', takes: 'id*' },
  '/job/check': { methods: 'GET POST', group: 'System', takes: 'jobid* force' },
  '/file/upload': { methods: 'POST', group: 'Files', takes: 'file* name expiration' },
  '/file/upload/base64': { methods: 'POST', group: 'Files', takes: 'file* name expiration' },
  '/file/upload/url': {
    methods: 'GET POST',
    group: 'Files',
    takes: 'url* name httpusername httppassword expiration',
  },
  '/file/upload/get-presigned-url': {
    methods: 'GET',
    group: 'Files',
    takes: 'name contenttype expiration',
  },
  '/file/hash': { methods: 'POST', group: 'Files', takes: 'url* httpusername httppassword' },
  '/file/delete': { methods: 'POST', group: 'Files', takes: 'url' },
};

/** Of this server alone. */
const ours: readonly string[] = ['/pipeline', '/jobs/{jobid}', '/health', '/version'];

function takes(fields: Readonly<Record<string, Field<unknown>>>): string[] {
  return Object.entries(fields).map(([name, { required }]) => (required ? `${name}*` : name));
}

describe('the contract', () => {
  it('has a fact of everything that is not of this server alone', () => {
    const paths = [...operations.keys(), ...calls.map(({ path }) => path)];
    const known = new Set([...Object.keys(operationFacts), ...Object.keys(callFacts), ...ours]);
    assert.deepEqual(
      paths.filter((path) => !known.has(path) && !path.startsWith('/admin/')),
      [],
    );
  });

  for (const [path, fact] of Object.entries(operationFacts)) {
    const operation = operations.get(path);
    if (operation === undefined) continue;
    it(`of ${path} is held`, () => {
      assert.equal(operation.group, fact.group);
      const own = takes(operation.fields);
      for (const one of fact.takes.split(' ')) assert.ok(own.includes(one), one);
      assert.deepEqual(
        own.filter((one) => one.endsWith('*') && !fact.takes.split(' ').includes(one)),
        [],
        'it needs no more',
      );
      const { answers } = operation;
      assert.equal(typeof answers === 'object' ? answers.member : answers, fact.answers);
    });
  }

  for (const [path, fact] of Object.entries(callFacts)) {
    const call = calls.find((one) => one.path === path);
    it(`of ${path} is held`, () => {
      assert.ok(call !== undefined);
      assert.equal(call.group, fact.group);
      for (const method of fact.methods.split(' ')) assert.ok(call.methods.some((one) => one === method));
      const own = takes(call.fields).map((one) => one.replace('*', ''));
      const names = fact.takes.split(' ').filter((one) => one !== '');
      for (const one of names) assert.ok(own.includes(one.replace('*', '')), one);
    });
  }

  it('of every job is held', () => {
    const names = 'async name password expiration callback httpusername httppassword profiles'.split(' ');
    for (const name of names) assert.ok(name in jobFields, name);
    assert.ok(Object.values(jobFields).every(({ required }) => !required));
  });
});
