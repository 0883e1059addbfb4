import { barcodeFields, barcodeProfiles, errorCorrections } from '../barcode-fields.ts';
import { defineOperation } from '../operation.ts';

export default defineOperation({
  path: '/barcode/generate',
  group: 'Barcodes',
  title: 'Draw a barcode',
  about:
    'A PNG of a barcode with 4 pixels for each module, the white that readers need around it, and its text below linear codes. Check digits that are missing are added, and those that are given have to be right. `<FNC1>` in a value is the function character 1. With `inline=true` the picture stands in `body` as a data URI.',
  makes: 'png',
  answers: ({ inline }) => (inline ? { member: 'body', dataUri: 'image/png' } : 'url'),
  fields: barcodeFields,
  profiles: barcodeProfiles,
  examples: [
    {
      title: 'A QR code in the answer',
      request: {
        value: 'abcdef123456',
        inline: 'true',
        profiles: "{ 'profiles': [ { 'profile1': { 'Options.QRErrorCorrectionLevel': 'Quarter' } } ] }",
      },
      expect: { status: 200 },
    },
    {
      title: 'The number of an article, whose check digit is added',
      request: { value: '590123412345', type: 'EAN13', name: 'barcode.png' },
      expect: { name: 'barcode.png' },
    },
    {
      title: 'A QR code with a picture in its middle',
      request: { value: 'https://example.com/', decorationImage: 'sample:picture.png' },
      expect: { name: 'result.png' },
    },
  ],
  async run({ value, type, decorationImage, profiles }, { fetch, engine }) {
    const decoration = decorationImage && (await fetch(decorationImage));
    const errorCorrection = errorCorrections[profiles['Options.QRErrorCorrectionLevel']];
    return engine('barcodes.draw', { barcode: { value, type, errorCorrection }, decoration });
  },
});
