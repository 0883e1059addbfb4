import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FieldInfo, Form } from '../../src/index.ts';
import type { Objects } from '../builder.ts';
import { toldOf } from './read.ts';

const WIDGET = '/Type /Annot /Subtype /Widget /Rect [10 20 60 30]';

/** The form of a document of one page (200 x 100), whose annotations and fields are objects 10 and so on. */
const formOf = (fields: string, objects: Objects, annotations = fields, page = ''): Form =>
  toldOf(`/AcroForm << /Fields [${fields}] >>`, `/Annots [${annotations}] ${page}`, objects).form!;

/** The only field of a form. */
const fieldOf = (entries: string, more: Objects = {}, page = ''): FieldInfo => {
  const { fields } = formOf('10 0 R', { 10: `<< ${WIDGET} /T (a) ${entries} >>`, ...more }, '10 0 R', page);
  assert.equal(fields.length, 1);
  return fields[0]!;
};

const ON_OFF = '/AP << /N << /Yes 20 0 R /Off 20 0 R >> >>';

describe('fields of a form', () => {
  it('are none without a form', () => {
    const found = toldOf('', '/Annots [10 0 R]', { 10: `<< ${WIDGET} /FT /Tx /T (a) >>` });
    assert.deepEqual(found.form, { fields: [], signatures: [], hasScripts: false });
    assert.equal(found.hasForm, false);
    const xfa = toldOf('/AcroForm << /Fields [] /XFA [] >>');
    assert.deepEqual([xfa.hasForm, xfa.hasXfa], [true, true]);
  });

  it('are told with all that they say', () => {
    const found = fieldOf('/FT /Tx /V <FEFF20AC> /DV (d) /TU (Tool tip) /TM (out) /Ff 4098 /MaxLen 7 /F 2');
    assert.deepEqual(found, {
      name: 'a',
      type: 'text',
      alternateName: 'Tool tip',
      exportName: 'out',
      value: '\u20ac',
      defaultValue: 'd',
      options: [],
      flags: ['required', 'multiline'],
      maxLength: 7,
      widgets: [
        {
          pageIndex: 0,
          place: { left: 10, top: 70, width: 50, height: 10 },
          isHidden: true,
          state: undefined,
          isOn: false,
        },
      ],
    });
  });

  it('are of all types', () => {
    const types: readonly (readonly [string, string])[] = [
      ['/FT /Tx', 'text'],
      ['/FT /Btn', 'checkBox'],
      ['/FT /Btn /Ff 32768', 'radioButton'],
      ['/FT /Btn /Ff 65536', 'pushButton'],
      ['/FT /Ch', 'listBox'],
      ['/FT /Ch /Ff 131072', 'comboBox'],
      ['/FT /Sig', 'signature'],
      ['/FT /constructor', 'unknown'],
      ['', 'unknown'],
    ];
    for (const [entries, type] of types) assert.equal(fieldOf(entries).type, type, entries);
  });

  it('have the names of the fields above them, and what these say', () => {
    const { fields } = formOf(
      '10 0 R',
      {
        10: '<< /T (a) /FT /Tx /Ff 1 /V (above) /Kids [11 0 R 12 0 R 13 0 R] >>',
        11: `<< ${WIDGET} /Parent 10 0 R /T (b) >>`,
        12: '<< /Parent 10 0 R /T <FEFF20AC> /Ff 0 /V (own) /Kids [14 0 R] >>',
        13: `<< ${WIDGET} /Parent 10 0 R >>`,
        14: `<< ${WIDGET} /Parent 12 0 R >>`,
      },
      '11 0 R 13 0 R 14 0 R',
    );
    assert.deepEqual(
      fields.map(({ name, type, value, flags, widgets }) => [name, type, value, flags, widgets.length]),
      [
        ['a', 'text', 'above', ['readOnly'], 1],
        ['a.b', 'text', 'above', ['readOnly'], 1],
        ['a.\u20ac', 'text', 'own', [], 1],
      ],
    );
  });

  it('are found although only a page has them', () => {
    const { fields } = formOf('', { 10: `<< ${WIDGET} /FT /Tx /T (lost) /V (x) >>` }, '10 0 R');
    assert.deepEqual(
      fields.map(({ name, value }) => [name, value]),
      [['lost', 'x']],
    );
  });

  it('have values of any kind as text', () => {
    assert.equal(fieldOf('/FT /Tx /V 12.50').value, '12.50');
    assert.equal(fieldOf('/FT /Tx /V /Name').value, 'Name');
    assert.equal(
      fieldOf('/FT /Tx /V 20 0 R', { 20: { dictionary: '', data: 'long text' } }).value,
      'long text',
    );
    assert.equal(fieldOf('/FT /Tx /V << >>').value, undefined);
    assert.equal(fieldOf('/FT /Tx').value, undefined);
    assert.equal(fieldOf('/FT /Tx /V ()').value, '');
    assert.deepEqual(fieldOf('/FT /Ch /Ff 2097152 /V [(x) 20 0 R]', { 20: '(y)' }).value, ['x', 'y']);
  });

  it('have the options of a choice', () => {
    const { options } = fieldOf('/FT /Ch /Opt [(one) [(2) (two)] 20 0 R [] 7] /V (2)', {
      20: '[(3) <FEFF20AC>]',
    });
    assert.deepEqual(options, [
      { value: 'one', label: 'one' },
      { value: '2', label: 'two' },
      { value: '3', label: '\u20ac' },
      { value: '7', label: '7' },
    ]);
  });

  it('are check boxes that are on or off', () => {
    const box = (entries: string): unknown => {
      const { value, options, widgets } = fieldOf(`/FT /Btn ${ON_OFF} ${entries}`);
      return [value, widgets[0]!.isOn, options.map((option) => option.value)];
    };
    assert.deepEqual(box('/V /Yes /AS /Yes'), ['Yes', true, ['Yes']]);
    assert.deepEqual(box('/V /Off /AS /Off'), [undefined, false, ['Yes']]);
    assert.deepEqual(box('/AS /Yes'), ['Yes', true, ['Yes']]);
    assert.deepEqual(box(''), [undefined, false, ['Yes']]);
  });

  it('are radio buttons, with a state for each widget', () => {
    const button = (state: string, shown: string): string =>
      `<< ${WIDGET} /Parent 10 0 R /AP << /N << /Off 20 0 R /${state} 20 0 R >> >> /AS /${shown} >>`;
    const { fields } = formOf(
      '10 0 R',
      {
        10: '<< /T (r) /FT /Btn /Ff 49152 /V /b /DV /a /Opt [(First) (Second)] /Kids [11 0 R 12 0 R] >>',
        11: button('a', 'Off'),
        12: button('b', 'b'),
      },
      '11 0 R 12 0 R',
    );
    const [{ type, value, defaultValue, options, flags, widgets }] = fields as [FieldInfo];
    assert.deepEqual([type, value, defaultValue], ['radioButton', 'b', 'a']);
    assert.deepEqual(options, [
      { value: 'a', label: 'First' },
      { value: 'b', label: 'Second' },
    ]);
    assert.deepEqual(flags, ['noToggleToOff', 'radio']);
    assert.deepEqual(
      widgets.map(({ state, isOn }) => [state, isOn]),
      [
        ['a', false],
        ['b', true],
      ],
    );
  });

  it('have names of states in UTF-8', () => {
    assert.equal(fieldOf('/FT /Btn /V /#e2#82#ac').value, '\u20ac');
    assert.equal(fieldOf('/FT /Btn /V /#e9').value, '\u00e9');
  });

  const turned: readonly [page: string, left: number, top: number, width: number, height: number][] = [
    ['', 10, 70, 50, 10],
    ['/Rotate 90', 20, 10, 10, 50],
    ['/Rotate 180', 140, 20, 50, 10],
    ['/Rotate 270', 70, 140, 10, 50],
    ['/CropBox [5 10 105 60]', 5, 30, 50, 10],
    ['/CropBox [5 10 105 60] /Rotate 90', 10, 5, 10, 50],
    ['/CropBox [5 10 105 60] /Rotate 270', 30, 45, 10, 50],
    ['/UserUnit 2', 20, 140, 100, 20],
  ];
  for (const [page, left, top, width, height] of turned)
    it(`have places on the page as it is shown: ${page}`, () => {
      assert.deepEqual(fieldOf('/FT /Tx', {}, page).widgets[0]!.place, { left, top, width, height });
    });

  it('have a place on the page that has them, whatever they say, or on the one they name', () => {
    const { fields } = formOf(
      '10 0 R 11 0 R 12 0 R 13 0 R',
      {
        10: `<< ${WIDGET} /FT /Tx /T (a) /P 99 0 R >>`,
        11: `<< ${WIDGET} /FT /Tx /T (b) /P 3 0 R >>`,
        12: `<< ${WIDGET} /FT /Tx /T (c) >>`,
        13: '<< /Subtype /Widget /Rect (none) /FT /Tx /T (d) /P 3 0 R >>',
      },
      '10 0 R',
    );
    assert.deepEqual(
      fields.map(({ widgets }) => [widgets[0]!.pageIndex, widgets[0]!.place !== undefined]),
      [
        [0, true],
        [0, true],
        [undefined, false],
        [0, false],
      ],
    );
  });

  it('may have scripts, and hold data only', () => {
    const { fields, hasScripts } = formOf(
      '10 0 R',
      { 10: '<< /FT /Tx /T (a) /V (x) /AA << /C << /S /JavaScript >> >> >>' },
      '',
    );
    assert.deepEqual([fields[0]!.widgets, hasScripts], [[], true]);
  });

  it('are bounded', () => {
    const deep: Record<number, string> = {};
    for (let number = 10; number < 3000; number++)
      deep[number] = `<< /T (${'n'.repeat(100)}) /Kids [${number + 1} 0 R] >>`;
    const below = toldOf('/AcroForm << /Fields [10 0 R] >>', '', deep);
    assert.deepEqual(below.form!.fields, []);
    assert.deepEqual(below.warnings, ['The tree of fields was too deep.']);
    const kids = Array.from({ length: 3000 }, (_, index) => index + 20);
    const many = toldOf('/AcroForm << /Fields [10 0 R] >>', '', {
      10: `<< /T (a) /FT /Ch /Opt [${'(x)'.repeat(9000)}] /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`,
      ...Object.fromEntries(kids.map((kid) => [kid, `<< /T (${kid}) >>`])),
    });
    assert.equal(many.form!.fields.length, 3000);
    assert.ok(many.form!.fields.reduce((sum, { options }) => sum + options.length, 0) <= 1_000_000);
    assert.match(many.warnings[0]!, /^The options of a field were too many/);
  });

  it('are not trusted', () => {
    const keys = 'T FT Ff V DV Opt MaxLen TU TM Kids Parent Rect P AP AS A AA F Subtype Type';
    for (const key of keys.split(' '))
      for (const odd of [
        '7',
        '(x)',
        '[[[]]]',
        '<< /a 1 >>',
        '10 0 R',
        '99 0 R',
        '3 0 R',
        'null',
        '[10 0 R]',
        '-1',
        '/N',
      ]) {
        const objects = {
          10: `<< ${WIDGET} /T (a) /FT /Btn /${key} ${odd} >>`,
          11: `<< ${WIDGET} /FT /Tx /T (good) /V (x) >>`,
        };
        const { fields } = formOf('10 0 R 11 0 R', objects);
        assert.equal(fields.find(({ name }) => name === 'good')?.value, 'x', `${key} ${odd}`);
      }
  });
});
