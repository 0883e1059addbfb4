import { compressConfig, configWire } from '../../compress-config.ts';
import { field } from '../../fields.ts';
import { defineOperation } from '../../operation.ts';

const own = field.object(
  'What happens to pictures, by kind: `images.color`, `.grayscale` and `.monochrome` with `skip`, `downsample` (`skip`, `downsample_ppi`, `threshold_ppi`) and `compression` (`skip`, `compression_format`: `jpeg`, for one bit `ccitt_g4`, or `lossless`; `compression_params.quality`). `save.garbage` is taken and changes nothing.',
);

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
    config: {
      ...own,
      schema: own.schema.transform(compressConfig),
      wire: configWire,
    },
  },
  examples: [
    {
      title: 'With its defaults',
      request: { url: 'sample:two-pages.pdf', name: 'result.pdf' },
      expect: { pageCount: 2 },
    },
  ],
  async run({ url, config }, { fetch, engine }) {
    const made = await engine('pdf.optimise', { document: await fetch(url), pictures: config.pictures });
    const unknown = config.unknown.map((name) => `${name} is not known here.`);
    const { bytesBefore, bytesAfter } = made;
    return { ...made, warnings: [...unknown, ...made.warnings], says: { bytesBefore, bytesAfter } };
  },
});
