import * as z from 'zod';
import { barcodeTypeOf, barcodeTypes } from '../../engines/barcodes/barcode-types.ts';
import { field } from '../fields.ts';
import { defineOperation } from '../operation.ts';

const types = field.choice(
  'What kind of barcode. Letter case, blanks, hyphens and underscores do not count.',
  barcodeTypes,
  'QRCode',
);

export default defineOperation({
  path: '/barcode/generate',
  group: 'Barcodes',
  title: 'Draw a barcode',
  about:
    'A PNG of a barcode with 4 pixels for each module, the white that readers need around it, and its text below linear codes. Check digits that are missing are added, and those that are given have to be right. `<FNC1>` in a value is the function character 1. With `inline=true` the picture stands in `body` as a data URI.',
  makes: 'png',
  answers: ({ inline }) => (inline ? { member: 'body', dataUri: 'image/png' } : 'url'),
  fields: {
    value: { ...field.text('What it says: what that may be depends on the type.'), required: true },
    type: {
      ...types,
      schema: z.preprocess(
        (values) => (values as unknown[]).map((value) => barcodeTypeOf(String(value)) ?? value),
        types.schema,
      ),
    },
    decorationImage: {
      ...field.optional(
        field.source(
          'Link to a picture, or a data URI, for the middle of a QRCode. Its error correction then is `High`.',
        ),
      ),
      alsoNamed: [],
      required: false,
    },
    inline: field.boolean('Answer with the picture itself in `body`, not with a link in `url`.', false),
  },
  profiles: {
    'Options.QRErrorCorrectionLevel': {
      ...field.choice(
        'How much of a QRCode may be spoilt: 7, 15, 25 or 30 percent.',
        ['Low', 'Medium', 'Quarter', 'High'],
        'Medium',
      ),
      alsoNamed: ['QRErrorCorrectionLevel'],
    },
  },
  examples: [
    {
      title: 'A QR code in the answer',
      request: { value: 'abcdef123456', inline: 'true' },
      expect: { status: 200 },
    },
    {
      title: 'The number of an article, whose check digit is added',
      request: { value: '590123412345', type: 'EAN13', name: 'barcode.png' },
      expect: { name: 'barcode.png' },
    },
  ],
  async run({ value, type, decorationImage, profiles }, { fetch, engine }) {
    const decoration = decorationImage && (await fetch(decorationImage));
    const errorCorrection = levels[profiles['Options.QRErrorCorrectionLevel']];
    return engine('barcodes.draw', { barcode: { value, type, errorCorrection }, decoration });
  },
});

const levels = { Low: 'low', Medium: 'medium', Quarter: 'quarter', High: 'high' } as const;
