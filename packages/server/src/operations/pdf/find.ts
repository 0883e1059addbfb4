import { field } from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { readingFields, withDocument } from '../reading.ts';
import { regexSearch, searchedText, searchOf, searchProfiles, searchString } from '../searching.ts';

const modes = { None: 'none', ExactMatch: 'exact', SmartMatch: 'smart' } as const;

export default defineOperation({
  path: '/pdf/find',
  group: 'Information and search',
  title: 'Find text with its place',
  about:
    'Each place where a text stands, over runs of text, line ends and divided words: `text`, `left`, `top`, `width`, `height` in points from the upper left corner of the page as it is shown, `pageIndex` from 0, and `elements`, its part in each line. At most 10,000.',
  makes: 'json',
  answers: { member: 'body' },
  fields: {
    url: readingFields.url,
    searchString,
    pages: readingFields.pages,
    regexSearch,
    wordMatchingMode: field.choice(
      'Anywhere (`None`); whole words (`ExactMatch`); whole words, whatever blanks lie between them, or none (`SmartMatch`).',
      ['None', 'ExactMatch', 'SmartMatch'],
      'None',
    ),
    caseSensitive: field.boolean('Letter case matters.', true),
  },
  profiles: searchProfiles,
  examples: [
    {
      title: 'A word',
      request: { url: 'sample:letter.pdf', searchString: 'engine' },
      expect: { pageCount: 1, body: [{ text: 'engine', pageIndex: 0, elements: [{ text: 'engine' }] }] },
    },
    {
      title: 'Amounts, by a regular expression',
      request: { url: 'sample:table.pdf', searchString: '\\d+\\.\\d\\d', regexSearch: 'true' },
      expect: { body: [{ text: '1.50' }, { text: '12.25' }] },
    },
  ],
  async run(call, tools) {
    const { pages, profiles, searchString: text, regexSearch: isExpression, caseSensitive } = call;
    const searches = [searchOf(text, isExpression, caseSensitive, modes[call.wordMatchingMode])];
    const { made, warnings } = await withDocument(call.url, tools, (document) =>
      tools.engine('pdf.find', { document, pages, settings: searchedText(profiles), searches }),
    );
    const { hits, pageCount } = made;
    return { body: hits, pageCount, warnings: [...warnings, ...made.warnings] };
  },
});
