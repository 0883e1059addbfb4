import { Failure } from '../../errors.ts';
import { field } from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { partsAt, regexSearch, searchedText, searchOf, searchProfiles, searchString } from '../searching.ts';

export default defineOperation({
  path: '/pdf/split2',
  group: 'Merge and split',
  title: 'Split a PDF where a text is found',
  about:
    'A file begins at each page on which the text stands; pages before the first of them are a file too. Barcodes are not found yet.',
  makes: 'pdf',
  answers: 'urls',
  fields: {
    url: field.source('Link to the PDF; or a file part named `file`.'),
    searchString,
    excludeKeyPages: field.boolean('Leave out the pages on which the text stands.', false),
    regexSearch,
    caseSensitive: field.boolean('Letter case matters.', false),
    lang: field.text('Taken, and without effect: nothing is recognised yet.'),
  },
  profiles: searchProfiles,
  examples: [
    {
      title: 'At each chapter',
      request: { url: 'sample:chapters.pdf', searchString: 'CHAPTER', name: 'result.pdf' },
      expect: { pageCount: 3, name: 'result.pdf' },
    },
    {
      title: 'Without the pages that say so',
      request: {
        url: 'sample:chapters.pdf',
        searchString: 'chapter \\d',
        regexSearch: 'true',
        excludeKeyPages: 'true',
      },
      expect: { pageCount: 3 },
    },
  ],
  async run(call, { fetch, engine, stem }) {
    const search = searchOf(call.searchString, call.regexSearch, call.caseSensitive, 'none');
    const document = await fetch(call.url);
    const settings = searchedText(call.profiles);
    const asked = { document, pages: '', settings, searches: [search], perPageMax: 1 };
    const found = await engine('pdf.find', asked);
    const keys = [...new Set(found.hits.map(({ pageIndex }) => pageIndex))];
    const pages = partsAt(keys, found.pageCount, call.excludeKeyPages).join(',');
    if (pages === '')
      throw new Failure('fieldInvalid', {
        field: 'excludeKeyPages',
        expected: 'the text stands on all pages',
      });
    const made = await engine('pdf.split', { document, pages, stem });
    const warnings = keys.length > 0 ? [] : ['The text was not found: the file has all pages.'];
    return { ...made, warnings: [...warnings, ...found.warnings, ...made.warnings] };
  },
});
