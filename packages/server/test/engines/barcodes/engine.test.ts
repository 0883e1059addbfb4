import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import {
  type BarcodeType,
  barcodeTypeOf,
  barcodeTypes,
} from '../../../src/engines/barcodes/barcode-types.ts';
import { barcodesProgram, createBarcodesEngine } from '../../../src/engines/barcodes/engine.ts';
import { symbologies } from '../../../src/engines/barcodes/symbologies.ts';
import type { Abilities, FileHandle } from '../../../src/engines/capabilities.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import { Failure } from '../../../src/errors.ts';
import { grayPng } from '../../program/png.ts';
import { openWorkshop } from '../workshop.ts';
import { valuesIn } from './reader.ts';

/** A value of each type, and what a reader says of it; nothing where our second reader does not know the type. */
const samples: Readonly<Record<Exclude<BarcodeType, 'MICR'>, readonly [value: string, read?: string]>> = {
  AustralianPostCode: ['56439111'],
  Aztec: ['Grüße 日本 ^FNC1', 'Grüße 日本 ^FNC1'],
  Codabar: ['1234-56', 'A1234-56A'],
  // Read as if each row were a Code 128.
  CodablockF: ['Hello CODABLOCK 123456'],
  Code128: ['qweasd123456 é^FNC1', 'qweasd123456 é^FNC1'],
  Code16K: ['Hello 12345'],
  Code39: ['ABC-123', 'ABC-123'],
  Code39Extended: ['abc;DEF', 'abc;DEF'],
  Code39Mod43: ['ABC123', 'ABC123$'],
  Code39Mod43Extended: ['abc123', 'abc123X'],
  Code93: ['ABC93x', 'ABC93x'],
  DataMatrix: ['Grüße 日本', 'Grüße 日本'],
  // Dots are for other cameras.
  DPMDataMatrix: ['hello 123'],
  EAN13: ['590123412345', '5901234123457'],
  // Alone they are read by nobody.
  EAN2: ['12'],
  EAN5: ['90200'],
  EAN8: ['9638507', '96385074'],
  GS1DataBarExpanded: ['(01)09501101530003(3103)001234', '01095011015300033103001234'],
  GS1DataBarExpandedStacked: [
    '0109501101530003310300123410ABC<FNC1>21XYZ',
    '0109501101530003310300123410ABC\x1d21XYZ',
  ],
  GS1DataBarLimited: ['0950110153000', '0109501101530003'],
  GS1DataBarOmnidirectional: ['(01)09501101530003', '0109501101530003'],
  GS1DataBarStacked: ['09501101530003', '0109501101530003'],
  GTIN12: ['01234500005', '0012345000058'],
  GTIN13: ['5901234123457', '5901234123457'],
  GTIN14: ['1540014128876', '15400141288763'],
  GTIN8: ['96385074', '96385074'],
  IntelligentMail: ['01234567094987654321'],
  Interleaved2of5: ['12345670', '12345670'],
  ITF14: ['1 54 00141 28876 3', '15400141288763'],
  MaxiCode: ['Hello maxi é', 'Hello maxi é'],
  MicroPDF: ['Hello micro é', 'Hello micro é'],
  MSI: ['123456'],
  PatchCode: ['T'],
  PDF417: ['Hello PDF é ^ 日', 'Hello PDF é ^ 日'],
  Pharmacode: ['1234'],
  PostNet: ['12345-6789'],
  PZN: ['PZN-1234562', '-1234562'],
  QRCode: ['Grüße 日本 ^abc', 'Grüße 日本 ^abc'],
  RoyalMail: ['LE28HS9Z'],
  RoyalMailKIX: ['2500GG30250'],
  Trioptic: ['123ABC'],
  UPCA: ['01234500005', '0012345000058'],
  UPCE: ['123456', '0012345000065'],
  UPU: ['RR47312482FI', 'RR473124829FI'],
  Bookland: ['978-1-56581-231-4', '9781565812314'],
  DeutschePostIdentcode: ['56310243031', '563102430313'],
  DeutschePostLeitcode: ['2134807501640', '21348075016401'],
  DutchKix: ['2500gg30250'],
  EAN128: ['(01)09501101530003(10)ABC', '010950110153000310ABC'],
  EAN14: ['1540014128876', '0115400141288763'],
  GS1_128: ['0109501101530003<FNC1>10ABC<FNC1>17250101', '010950110153000310ABC\x1d17250101'],
  GS1_DataMatrix: ['(01)09501101530003(10)ABC', '010950110153000310ABC'],
  GS1_DataBar_Stacked_Omnidirectional: ['0950110153000', '0109501101530003'],
  GS1_DataBar_Truncated: ['0950110153000', '0109501101530003'],
  I2of5: ['1234567', '01234567'],
  ISBN: ['1565812314', '9781565812314'],
  JAN13: ['4901234567894', '4901234567894'],
  MacroPDF417: ['hello', 'hello'],
  MicroPDF417: ['hello', 'hello'],
  Numly: ['1234567890123456789', '1234567890123456789'],
  OpticalProduct: ['123456789', '1234567895'],
  PDF417Truncated: ['hello truncated', 'hello truncated'],
  Planet: ['12345678901'],
  Plessey: ['01234ABC'],
  SingaporePostalCode: ['123456'],
  SwissPostParcel: ['98.34.123456.12345678', '983412345612345678'],
  Telepen: ['ABC123', 'ABC123'],
  USPSSackLabel: ['12345678', '12345678'],
  USPSTrayLabel: ['1234567890', '1234567890'],
};

let engine: Engine;
const workshop = openWorkshop(undefined, (sandbox, folder) => {
  const directory = `${folder}/boxes`;
  engine = createBarcodesEngine(sandbox.pool(barcodesProgram({ size: 1 })), { directory });
});

type Barcode = Partial<Abilities['barcodes.draw']['takes']['barcode']>;

async function draw(barcode: Barcode, decoration?: FileHandle) {
  const whole = { type: 'QRCode', value: 'x', errorCorrection: 'medium', ...barcode } as const;
  const run = engine.abilities['barcodes.draw'];
  assert.ok(run !== undefined);
  const { file, warnings } = await run({ barcode: whole, decoration }, workshop.context());
  return { png: readFileSync(file.path), warnings };
}

/** What a client hears of a barcode that is not drawn. */
async function refusal(barcode: Barcode, decoration?: FileHandle): Promise<string> {
  const error = await draw(barcode, decoration).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Failure, `${barcode.type} ${barcode.value}: ${String(error)}`);
  return `${error.status} ${error.message}`;
}

describe('the table of barcodes', () => {
  it('knows every type in whatever way it is written', () => {
    for (const type of barcodeTypes) assert.equal(barcodeTypeOf(type), type);
    assert.equal(barcodeTypeOf(' qr code'), 'QRCode');
    assert.equal(barcodeTypeOf('GS1_DataBar_Expanded_Stacked'), 'GS1DataBarExpandedStacked');
    assert.equal(barcodeTypeOf('gs1-128'), 'GS1_128');
    assert.equal(barcodeTypeOf('Postnet'), 'PostNet');
    assert.equal(barcodeTypeOf('Code'), undefined);
    assert.equal(barcodeTypeOf('constructor'), undefined);
  });

  it('tells of each what it needs', () => {
    for (const one of Object.values(symbologies)) assert.ok(('why' in one ? one.why : one.needs) !== '');
  });
});

describe('the engine of barcodes', () => {
  workshop.test('is ready', async () => {
    assert.deepEqual(await engine.probe(), { ready: true, says: 'Draws barcodes.' });
  });

  for (const [type, [value, read]] of Object.entries(samples) as [BarcodeType, [string, string?]][]) {
    workshop.test(`draws ${type}`, async () => {
      const { png } = await draw({ type, value });
      const { width, height, channels } = await sharp(png).metadata();
      assert.ok(width > 50 && height > 50 && channels === 1, `${width} x ${height}`);
      const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
      assert.deepEqual([data[0], data.at(-1)], [255, 255], 'white around it');
      if (read !== undefined) assert.deepEqual(await valuesIn(png), [read]);
    });
  }

  workshop.test('draws modules of whole pixels', async () => {
    const { png } = await draw({ value: 'abcdef123456' });
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [(21 + 8) * 4, (21 + 8) * 4]);
    assert.ok(data.every((value) => value === 0 || value === 255));
    for (let at = 0; at < data.length; at += 4)
      assert.ok(data.subarray(at, at + 4).every((value) => value === data[at]));
  });

  workshop.test('knows the error correction of QR codes', async () => {
    const sizes = [];
    for (const errorCorrection of ['low', 'medium', 'quarter', 'high'] as const) {
      const { png } = await draw({ value: 'a'.repeat(300), errorCorrection });
      sizes.push((await sharp(png).metadata()).width);
      assert.deepEqual(await valuesIn(png), ['a'.repeat(300)]);
    }
    assert.deepEqual(
      sizes,
      sizes.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(sizes).size, 4);
  });

  workshop.test('draws what is as long as may be', async () => {
    const wide = await sharp((await draw({ type: 'Code39Extended', value: 'a'.repeat(250) })).png).metadata();
    assert.ok(wide.width > 20_000 && wide.height < 300, `${wide.width} x ${wide.height}`);
    const full = '0123456789'.repeat(400);
    assert.deepEqual(await valuesIn((await draw({ value: full })).png), [full]);
  });

  workshop.test('takes functions and structures of symbols', async () => {
    assert.deepEqual(await valuesIn((await draw({ type: 'Code128', value: '<FNC1>0109501101530003' })).png), [
      '0109501101530003',
    ]);
    const carrier = '[)><RS>01<GS>96152382802<GS>840<GS>001<GS>1Z00004951<GS>UPSN<RS><EOT>';
    const [read = ''] = await valuesIn((await draw({ type: 'MaxiCode', value: carrier })).png);
    assert.match(read, /152382802.*840.*001.*1Z00004951/s);
    assert.deepEqual(await valuesIn((await draw({ type: 'EAN13', value: '9781565812314 90000' })).png), [
      '9781565812314',
    ]);
  });

  workshop.test('says what a value has to be', async () => {
    const cases: readonly [BarcodeType, string, RegExp][] = [
      [
        'EAN13',
        '59012341234',
        /^400 The field "value" is not valid: a barcode of the type EAN13 needs 12 digits, or 13 of/,
      ],
      ['EAN13', '5901234123450', /not valid: its check digit is wrong: a barcode of the type EAN13 needs/],
      ['Code39', 'abc', /needs capital letters, digits, blanks .*; Code39Extended takes all of ASCII\.$/],
      ['QRCode', 'é'.repeat(4_000), /it is too long: a barcode of the type QRCode needs text/],
      ['QRCode', 'x'.repeat(4_001), /it is too long/],
      ['Code128', 'x'.repeat(251), /it is too long/],
      ['Code16K', 'x'.repeat(200), /it is too long/],
      ['GS1_128', '(01', /needs elements of GS1/],
      ['GS1_128', '99', /needs elements of GS1/],
      ['UPU', 'RR473124820FI', /needs 8 digits and their check digit/],
      ['Pharmacode', '2', /needs a number from 3 to 131070/],
      ['PatchCode', '5', /needs one of 1, 2, 3, 4, 6, T/],
      ['IntelligentMail', '99999999999999999999', /needs 20 digits/],
      ['AustralianPostCode', '1212345678', /needs 8 digits of the sorting code/],
    ];
    for (const [type, value, says] of cases) {
      const heard = await refusal({ type, value });
      assert.match(heard, says);
      assert.doesNotMatch(heard, /bwipp|#\d/);
    }
  });

  workshop.test('says which types it draws where it knows one and cannot draw it', async () => {
    assert.match(
      await refusal({ type: 'MICR', value: '1' }),
      /^501 .*MICR is no barcode.*it draws AustralianPostCode, /,
    );
  });

  workshop.test('draws elements of GS1 that are not what they should be, and says so', async () => {
    const { png, warnings } = await draw({ type: 'GS1_128', value: '(01)123' });
    assert.deepEqual(await valuesIn(png), ['01123']);
    assert.match(warnings.join(), /^The value does not hold what GS1 lays down/);
    assert.deepEqual((await draw({ type: 'EAN128', value: '(01)09501101530003' })).warnings, []);
  });

  workshop.test('says of a type that it is drawn as another', async () => {
    const { warnings } = await draw({ type: 'MacroPDF417', value: 'a' });
    assert.match(warnings.join(), /drawn as PDF417/);
  });
});

describe('a picture in the middle of a QR code', () => {
  const black = () => workshop.file(grayPng(300, 200, 0), 'logo.png');

  workshop.test('leaves it readable, whatever its length', async () => {
    for (const length of [1, 40, 200, 1_000]) {
      const value = 'Octavo '.repeat(200).slice(0, length);
      const { png, warnings } = await draw({ value, errorCorrection: 'low' }, black());
      assert.deepEqual(warnings, []);
      assert.deepEqual(await valuesIn(png), [value]);
      const { data, info } = await sharp(png)
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      assert.equal(data[(info.height / 2) * info.width + info.width / 2], 0, 'the middle of the picture');
    }
  });

  workshop.test('is left out of other types, and says so', async () => {
    const { warnings } = await draw({ type: 'Code128', value: 'a' }, black());
    assert.deepEqual(warnings, ['decorationImage is left out: only a QRCode has room for it.']);
  });

  workshop.test('has to be one', async () => {
    assert.match(
      await refusal({}, workshop.file('no picture', 'logo.png')),
      /^442 The picture 1 \("logo.png"\) is damaged/,
    );
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>';
    assert.match(await refusal({}, workshop.file(svg, 'logo.svg')), /^442 /);
  });
});
