import { field } from '../fields.ts';
import { defineOperation } from '../operation.ts';

export default defineOperation({
  path: '/pdf/split',
  group: 'Merge and split',
  title: 'Split a PDF by pages',
  about: 'Makes one PDF of each item of `pages`. Links, labels, fields and tags of its pages come along.',
  makes: 'pdf',
  answers: 'urls',
  fields: {
    url: field.source('Link to the PDF; or a file part named `file`.'),
    pages: field.pages(
      'Pages of each file, from 1: `1-2,3-` makes two files, `*` one of each page, `!1` is the last page.',
      { first: 1, each: true, required: true },
    ),
  },
  examples: [
    {
      title: 'One file for each page',
      request: { url: 'sample:two-pages.pdf', pages: '*', name: 'result.pdf' },
      expect: { pageCount: 2, name: 'result.pdf' },
    },
    {
      title: 'The first page, and all others',
      request: { url: 'sample:two-pages.pdf', pages: '1,2-' },
      expect: { pageCount: 2 },
    },
  ],
  async run({ url, pages }, { fetch, engine, stem }) {
    return engine('pdf.split', { document: await fetch(url), pages, stem });
  },
});
