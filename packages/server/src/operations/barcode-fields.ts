import * as z from 'zod';
import type { BarcodeSettings } from '../engines/capabilities.ts';
import { barcodeTypeOf, barcodeTypes } from '../engines/barcodes/barcode-types.ts';
import { field } from './fields.ts';

const types = field.choice(
  'What kind of barcode. Letter case, blanks, hyphens and underscores do not count.',
  barcodeTypes,
  'QRCode',
);
const decoration = field.source(
  'Link to a picture, or a data URI, for the middle of a QRCode. Its error correction then is `High`.',
);

/** What a barcode is made of. */
export const barcodeFields = {
  value: {
    ...field.text('What it says: what that may be depends on the type.'),
    required: true,
  },
  type: {
    ...types,
    schema: z.preprocess(
      (values) => (values as unknown[]).map((value) => barcodeTypeOf(String(value)) ?? value),
      types.schema,
    ),
  },
  decorationImage: { ...field.optional(decoration), alsoNamed: [], required: false },
  inline: field.boolean('Answer with the picture itself in `body`, not with a link in `url`.', false),
};

export const barcodeProfiles = {
  'Options.QRErrorCorrectionLevel': {
    ...field.choice(
      'How much of a QRCode may be spoilt: 7, 15, 25 or 30 percent.',
      ['Low', 'Medium', 'Quarter', 'High'],
      'Medium',
    ),
    alsoNamed: ['QRErrorCorrectionLevel'],
  },
};

/** How much of it may be spoilt, as engines know it. */
export const errorCorrections: Readonly<
  Record<'Low' | 'Medium' | 'Quarter' | 'High', BarcodeSettings['errorCorrection']>
> = { Low: 'low', Medium: 'medium', Quarter: 'quarter', High: 'high' };
