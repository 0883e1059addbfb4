import { configField } from '../../compress-config.ts';
import { field } from '../../fields.ts';
import { defineOperation } from '../../operation.ts';
import { optimise } from '../../picture-settings.ts';

export default defineOperation({
  path: '/v2/pdf/compress',
  alsoAt: ['/pdf/compress'],
  group: 'Optimise and recognise',
  title: 'Make a PDF smaller (second version)',
  about:
    'The same as `/pdf/optimize`, with settings for each kind of picture. Answered at `/pdf/compress` and `/v1/pdf/compress` too.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the PDF; or a file part named `file`.'),
    config: configField,
  },
  examples: [
    {
      title: 'With its defaults',
      request: { url: 'sample:two-pages.pdf', name: 'result.pdf' },
      expect: { pageCount: 2 },
    },
  ],
  run: ({ url, config }, tools) => optimise(url, config, tools),
});
