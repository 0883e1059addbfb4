import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PdfObject } from '../../src/objects/object.ts';
import { oddValues, type Result } from './result.ts';
import { arranged, markOf, marks, numberAt, paged, part, parts } from './select.ts';

/** What is kept of a document of which pages are missing, by carrier. */

const plain = (result: Result, ...path: (string | number)[]): unknown => result.plain(result.at(...path));

function outline(result: Result): unknown[] {
  const items = (parent: PdfObject): unknown[] => {
    const list: unknown[] = [];
    for (let item = result.in(parent, 'First'); item instanceof Map; item = result.in(item, 'Next')) {
      const target = result.in(item, 'Dest', 0);
      const title = result.plain(item.get('Title'));
      const kids = items(item);
      const mark = target === null ? undefined : markOf(result, target);
      list.push([title, mark, result.plain(item.get('Count')), ...(kids.length > 0 ? [kids] : [])]);
    }
    return list;
  };
  return items(result.at('Outlines'));
}

describe('outline of a selection', () => {
  const file = paged('/Outlines 20 0 R', ['', '', ''], {
    20: '<< /First 21 0 R /Last 25 0 R /Count 5 >>',
    21: '<< /Title (one) /Dest [3 0 R /Fit] /Next 22 0 R /First 23 0 R /Last 24 0 R /Count 2 /SE 3 0 R >>',
    22: '<< /Title (web) /A << /S /URI /URI (http://a) >> /Next 25 0 R >>',
    23: '<< /Title (one a) /A << /S /GoTo /D [4 0 R /Fit] >> /Next 24 0 R >>',
    24: '<< /Title (one b) /Dest (name) >>',
    25: '<< /Title (three) /Dest [5 0 R /Fit] >>',
    26: '<< /Names [(name) [5 0 R /Fit]] >>',
  }).toString('latin1');
  const named = Buffer.from(file.replace('/Outlines 20', '/Names<</Dests 26 0 R>>/Outlines 20'), 'latin1');

  it('has the items that lead to pages of a part, and those above them', () => {
    const [first, second, third] = parts(named, [[0], [1], [2]]);
    assert.deepEqual(outline(first!), [['(one)', 0, null]]);
    assert.deepEqual(outline(second!), [['(one)', undefined, 1, [['(one a)', undefined, null]]]]);
    assert.deepEqual(outline(third!), [
      ['(one)', undefined, 1, [['(one b)', undefined, null]]],
      ['(three)', 2, null],
    ]);
    assert.deepEqual(plain(third!, 'Outlines', 'Count'), 3);
  });

  it('keeps items that lead to no page where the document is kept', () => {
    const result = arranged([named], [2, 0]);
    assert.deepEqual(outline(result), [
      ['(one)', 0, 1, [['(one b)', undefined, null]]],
      ['(web)', undefined, null],
      ['(three)', 2, null],
    ]);
    assert.deepEqual(plain(result, 'Outlines', 'First', 'Next', 'A', 'URI'), '(http://a)');
  });

  it('is not there where no item stays', () => {
    assert.equal(part(paged('/Outlines 20 0 R', ['', ''], { 20: '<< >>' }), [0]).at('Outlines'), null);
  });
});

describe('destinations and links of a selection', () => {
  const link = (text: string): string => `<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] ${text} >>`;
  const file = paged(
    '/Names << /Dests << /Names [(a) [3 0 R /Fit] (b) [4 0 R /Fit]] >> >> /Dests << /old [5 0 R /Fit] >>',
    ['/Annots [20 0 R 21 0 R 22 0 R 23 0 R 24 0 R 25 0 R 26 0 R 28 0 R]', '', ''],
    {
      20: link('/Dest [4 0 R /Fit]'),
      21: link('/A << /S /GoTo /D (b) >>'),
      22: link('/A 27 0 R'),
      23: link('/A << /S /GoTo /D [5 0 R /Fit] /Next << /S /URI /URI (http://n) >> >>'),
      24: link('/Dest (a)'),
      25: link('/Dest /old'),
      26: link('/A << /S /GoTo /D [2 /Fit] >>'),
      27: '<< /S /GoTo /D [4 0 R /Fit] >>',
      28: link('/A << /S /GoToR /F (other.pdf) /D [1 /Fit] >>'),
    },
  );
  const links = (result: Result, keys = ['Dest', 'A']): unknown[] => {
    const list = result.in(result.page(0), 'Annots');
    assert.ok(Array.isArray(list));
    return list.map((each) => keys.map((key) => result.plain(result.in(each, key), 0)));
  };

  it('leads nowhere where the page is missing', () => {
    const other = { S: '/GoToR', F: '(other.pdf)', D: [1, '/Fit'] };
    const uri = { S: '/URI', URI: '(http://n)' };
    assert.deepEqual(links(part(file, [0])), [
      [null, null],
      [null, null],
      [null, null],
      [null, uri],
      ['(a)', null],
      [null, null],
      [null, null],
      [null, other],
    ]);
  });

  it('stays where the page stays, wherever that is', () => {
    const result = part(file, [0, 2, 1]);
    const found = links(result);
    assert.deepEqual(found[5], ['(old)', null]);
    const index = result.in(result.page(0), 'Annots', 6, 'A', 'D', 0);
    assert.equal(markOf(result, index), 2);
    assert.equal(markOf(result, result.in(result.page(0), 'Annots', 0, 'Dest', 0)), 1);
  });

  it('has only the names of pages that stay', () => {
    const names = (result: Result): unknown =>
      (result.plain(result.at('Names', 'Dests', 'Names'), 0) as unknown[]).filter((_, at) => at % 2 === 0);
    const [first, others] = parts(file, [[0], [1, 2]]);
    assert.deepEqual(names(first!), ['(a)']);
    assert.deepEqual(names(others!), ['(b)', '(old)']);
  });

  it('drops the open action that leads to a page that is gone, and keeps another', () => {
    const open = (target: string): Buffer => paged(`/OpenAction ${target}`, ['', '']);
    assert.equal(arranged([open('[3 0 R /Fit]')], [1]).at('OpenAction'), null);
    assert.equal(arranged([open('<< /S /GoTo /D [3 0 R /Fit] >>')], [1]).at('OpenAction'), null);
    const kept = arranged([open('[4 0 R /Fit]')], [1]);
    assert.equal(markOf(kept, kept.at('OpenAction', 0)), 1);
    assert.equal(part(open('[4 0 R /Fit]'), [1]).at('OpenAction'), null);
  });
});

describe('page labels of a selection', () => {
  const file = paged(
    '/PageLabels << /Nums [0 << /S /r >> 2 << /S /D /P (A-) /St 5 >> 4 << /P (cover) >>] >>',
    Array.from({ length: 6 }, () => ''),
  );
  const labels = (result: Result): unknown => plain(result, 'PageLabels', 'Nums');

  it('are those that the pages had', () => {
    assert.deepEqual(labels(part(file, [1])), [0, { S: '/r', St: 2 }]);
    assert.deepEqual(labels(part(file, [3, 2, 0, 1, 5])), [
      0,
      { S: '/D', P: '(A-)', St: 6 },
      1,
      { S: '/D', P: '(A-)', St: 5 },
      2,
      { S: '/r' },
      4,
      { P: '(cover)' },
    ]);
  });

  it('go on where pages of another document stood between them', () => {
    const result = arranged([file, paged('', ['', ''])], [0, { input: 1, page: 1 }, 1, 2, 3]);
    assert.deepEqual(labels(result), [
      0,
      { S: '/r' },
      1,
      { S: '/D', St: 2 },
      2,
      { S: '/r', St: 2 },
      3,
      { S: '/D', P: '(A-)', St: 5 },
    ]);
  });
});

describe('form of a selection', () => {
  const widget = (text: string): string => `<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] ${text} >>`;
  const form = '/AcroForm << /Fields [20 0 R 23 0 R 24 0 R 27 0 R] /CO [22 0 R 23 0 R] /DA (/F 9 Tf) >>';
  const file = paged(form, ['/Annots [21 0 R 25 0 R]', '/Annots [22 0 R 23 0 R 26 0 R]', ''], {
    20: '<< /T (group) /Kids [21 0 R 22 0 R] >>',
    21: widget('/T (a) /FT /Tx /V (one) /Parent 20 0 R /P 3 0 R'),
    22: widget('/T (b) /FT /Tx /V (two) /Parent 20 0 R /P 4 0 R'),
    23: widget('/T (alone) /FT /Tx /V (three) /P 4 0 R'),
    24: '<< /T (radio) /FT /Btn /Ff 32768 /V /red /Kids [25 0 R 26 0 R] >>',
    25: widget('/Parent 24 0 R /AS /Off /A << /S /ResetForm /Fields [23 0 R] >>'),
    26: widget('/Parent 24 0 R /AS /red'),
    27: '<< /T (hidden) /FT /Tx /V (no widget) >>',
  });
  const fields = (result: Result): unknown => {
    const read = (list: PdfObject): unknown[] =>
      (Array.isArray(list) ? list : []).map((each) => {
        const kids = read(result.in(each, 'Kids'));
        const entry = ['T', 'V'].map((key) => result.plain(result.in(each, key)));
        return kids.length > 0 ? [...entry, kids] : entry;
      });
    return read(result.at('AcroForm', 'Fields'));
  };

  it('has the fields with a widget on its pages, with those above them and their values', () => {
    const [first, second, third] = parts(file, [[0], [1], [2]]);
    assert.deepEqual(fields(first!), [
      ['(group)', null, [['(a)', '(one)']]],
      ['(radio)', '/red', [[null, null]]],
    ]);
    assert.deepEqual(fields(second!), [
      ['(group)', null, [['(b)', '(two)']]],
      ['(alone)', '(three)'],
      ['(radio)', '/red', [[null, null]]],
    ]);
    assert.equal(third!.at('AcroForm'), null);
    assert.equal(first!.at('AcroForm', 'CO'), null);
    assert.deepEqual(second!.each(second!.at('AcroForm', 'CO'), 'T'), ['(b)', '(alone)']);
    assert.equal(plain(first!, 'AcroForm', 'DA'), '(/F 9 Tf)');
  });

  it('does not bring a field that an action names', () => {
    const result = part(file, [0]);
    assert.doesNotMatch(result.text, /alone|hidden/);
    assert.deepEqual(plain(result, 'AcroForm', 'Fields', 1, 'Kids', 0, 'A', 'Fields'), [null]);
  });

  it('is unchanged where no page is missing, in any order', () => {
    const result = arranged([file], [2, 0, 1]);
    assert.equal((fields(result) as unknown[]).length, 4);
    assert.match(result.text, /hidden/);
  });

  it('gives fields of a page that comes twice a widget on each, of one value', () => {
    const result = arranged([file], [1, { page: 1, rotate: 90 }]);
    assert.deepEqual(fields(result), [
      [
        '(group)',
        null,
        [
          [
            '(b)',
            '(two)',
            [
              [null, null],
              [null, null],
            ],
          ],
        ],
      ],
      [
        '(alone)',
        '(three)',
        [
          [null, null],
          [null, null],
        ],
      ],
      [
        '(radio)',
        '/red',
        [
          [null, null],
          [null, null],
        ],
      ],
    ]);
    assert.deepEqual(result.each(result.at('AcroForm', 'CO'), 'T'), ['(b)', '(alone)']);
    for (const [position, index] of [
      [0, 0],
      [1, 1],
    ] as const) {
      const kid = result.at('AcroForm', 'Fields', 1, 'Kids', index);
      const field = result.at('AcroForm', 'Fields', 1);
      assert.equal(
        numberAt(result, result.page(position), 'Annots', 1),
        numberAt(result, field, 'Kids', index),
      );
      assert.equal(result.plain(result.in(kid, 'Parent', 'T')), '(alone)');
      assert.equal(result.plain(result.in(kid, 'Subtype')), '/Widget');
    }
    // The second page has its own, which say so.
    const page = result.in(result.page(1), 'Annots', 1, 'P');
    assert.equal(result.plain(result.in(page, 'Rotate')), 90);
    assert.equal(result.in(result.page(0), 'Annots', 1, 'P', 'Rotate'), null);
  });
});

describe('tags of a selection', () => {
  const wide = Array.from({ length: 200 }, (_, index) => `${100 + index} 0 R`).join(' ');
  const file = paged(
    '/StructTreeRoot 20 0 R /MarkInfo << /Marked true >> /Lang (en)',
    ['/StructParents 0', '/StructParents 1 /Annots [30 0 R]', ''],
    {
      20: '<< /Type /StructTreeRoot /K 21 0 R /ParentTree 40 0 R /IDTree 41 0 R /RoleMap << /Own /P >> >>',
      21: `<< /Type /StructElem /S /Document /P 20 0 R /K [22 0 R 23 0 R 25 0 R ${wide}] >>`,
      22: '<< /Type /StructElem /S /P /P 21 0 R /Pg 3 0 R /K [0 << /Type /MCR /Pg 4 0 R /MCID 0 >>] /ID (both) /Ref [24 0 R] >>',
      23: '<< /Type /StructElem /S /Sect /P 21 0 R /K [24 0 R 26 0 R] >>',
      24: '<< /Type /StructElem /S /Own /P 23 0 R /Pg 4 0 R /K 1 /ID (second) >>',
      25: '<< /Type /StructElem /S /P /P 21 0 R /Pg 5 0 R /K 0 >>',
      26: '<< /Type /StructElem /S /Link /P 23 0 R /K << /Type /OBJR /Pg 4 0 R /Obj 30 0 R >> >>',
      30: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /StructParent 7 >>',
      40: '<< /Nums [0 [22 0 R] 1 [22 0 R 24 0 R] 7 26 0 R] >>',
      41: '<< /Names [(both) 22 0 R (second) 24 0 R] >>',
      ...Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [
          100 + index,
          '<< /Type /StructElem /S /P /P 21 0 R /Pg 5 0 R /K 3 >>',
        ]),
      ),
    },
  );
  const tree = (result: Result, element: PdfObject = result.at('StructTreeRoot', 'K', 0)): unknown => {
    const kids = result.in(element, 'K');
    const list = Array.isArray(kids) ? kids : kids === null ? [] : [kids];
    return [
      result.plain(result.in(element, 'S')),
      ...list.map((kid) =>
        result.in(kid, 'S') === null ? result.plain(result.resolve(kid), 0) : tree(result, kid),
      ),
    ];
  };

  it('are the elements with content on its pages and those above them', () => {
    const [first, second] = parts(file, [[0], [1]]);
    assert.deepEqual(tree(first!), ['/Document', ['/P', 0]]);
    assert.deepEqual(tree(second!), [
      '/Document',
      ['/P', { Type: '/MCR', Pg: 'R', MCID: 0 }],
      ['/Sect', ['/Own', 1], ['/Link', { Type: '/OBJR', Pg: 'R', Obj: 'R' }]],
    ]);
    assert.equal(markOf(first!, first!.at('StructTreeRoot', 'K', 0, 'K', 'Pg')), 0);
    assert.equal(second!.at('StructTreeRoot', 'K', 0, 'K', 0, 'Pg'), null);
  });

  it('have a parent tree of their own', () => {
    const [first, second] = parts(file, [[0], [1]]);
    assert.deepEqual(plain(first!, 'StructTreeRoot', 'ParentTree', 'Nums', 0), 0);
    assert.equal(plain(first!, 'StructTreeRoot', 'ParentTreeNextKey'), 1);
    assert.equal(first!.plain(first!.in(first!.page(0), 'StructParents')), 0);
    assert.equal(plain(second!, 'StructTreeRoot', 'ParentTreeNextKey'), 2);
    const key = second!.plain(second!.in(second!.page(0), 'Annots', 0, 'StructParent')) as number;
    const nums = second!.at('StructTreeRoot', 'ParentTree', 'Nums');
    assert.ok(Array.isArray(nums));
    const at = nums.findIndex((each, index) => index % 2 === 0 && second!.plain(each) === key);
    assert.equal(second!.plain(second!.in(nums[at + 1]!, 'S')), '/Link');
  });

  it('have the ids, roles and references of what stays', () => {
    const [first, second] = parts(file, [[0], [1]]);
    const ids = (result: Result): unknown =>
      (result.plain(result.at('StructTreeRoot', 'IDTree', 'Names'), 0) as unknown[]).filter(
        (_, at) => at % 2 === 0,
      );
    assert.deepEqual(ids(first!), ['(both)']);
    assert.deepEqual(ids(second!), ['(both)', '(second)']);
    assert.equal(plain(first!, 'StructTreeRoot', 'RoleMap', 'Own'), '/P');
    assert.deepEqual(first!.plain(first!.at('StructTreeRoot', 'K', 0, 'K', 'Ref'), 0), []);
    assert.deepEqual(second!.plain(second!.at('StructTreeRoot', 'K', 0, 'K', 0, 'Ref'), 0), ['R']);
    assert.equal(plain(first!, 'MarkInfo', 'Marked'), true);
  });

  it('are not there where nothing on the pages is tagged', () => {
    const result = part(file, [2]);
    assert.equal(result.at('StructTreeRoot'), null);
    assert.doesNotMatch(result.text, /StructElem/);
  });

  it('belong to the first of a page that comes twice', () => {
    const result = arranged([file], [1, 1]);
    assert.equal(result.in(result.page(1), 'StructParents'), null);
    assert.equal(result.in(result.page(1), 'Annots', 0, 'StructParent'), null);
    assert.notEqual(result.in(result.page(0), 'Annots', 0, 'StructParent'), null);
    assert.equal((tree(result) as unknown[]).length, 3);
  });

  it('stand beside those of a document that is whole', () => {
    const result = arranged([file, file], [0, ...[0, 1, 2].map((page) => ({ input: 1, page }))]);
    assert.deepEqual(tree(result, result.at('StructTreeRoot', 'K', 'K', 0)), ['/Document', ['/P', 0]]);
    assert.equal((tree(result, result.at('StructTreeRoot', 'K', 'K', 1)) as unknown[]).length, 204);
  });
});

describe('article threads of a selection', () => {
  const bead = (next: number, previous: number, page: number, more = ''): string =>
    `<< /Type /Bead /N ${next} 0 R /V ${previous} 0 R /P ${page} 0 R /R [0 0 ${page} 9] ${more} >>`;
  const file = paged('/Threads [20 0 R 24 0 R]', ['/B [21 0 R]', '/B [22 0 R 25 0 R]', '/B [23 0 R]'], {
    20: '<< /Type /Thread /F 21 0 R /I << /Title (A) >> >>',
    21: bead(22, 23, 3, '/T 20 0 R'),
    22: bead(23, 21, 4),
    23: bead(21, 22, 5),
    24: '<< /Type /Thread /F 25 0 R /I << /Title (B) >> >>',
    25: bead(25, 25, 4, '/T 24 0 R'),
  });

  it('are chains of the beads on its pages', () => {
    const result = part(file, [2, 1]);
    const thread = result.at('Threads', 0);
    assert.deepEqual(result.plain(result.in(thread, 'F', 'R', 2)), 4);
    assert.deepEqual(result.plain(result.in(thread, 'F', 'T', 'I', 'Title')), '(A)');
    assert.deepEqual(result.plain(result.in(thread, 'F', 'N', 'R', 2)), 5);
    const first = numberAt(result, thread, 'F');
    const next = numberAt(result, thread, 'F', 'N');
    assert.notEqual(first, next);
    assert.equal(numberAt(result, thread, 'F', 'N', 'N'), first);
    assert.equal(numberAt(result, thread, 'F', 'V'), next);
    assert.equal(numberAt(result, result.page(0), 'B', 0), next);
    assert.equal(plain(result, 'Threads', 1, 'I', 'Title'), '(B)');
  });

  it('go where no bead stays', () => {
    const result = part(file, [0]);
    assert.deepEqual(result.each(result.at('Threads'), 'Type'), ['/Thread']);
    assert.equal(
      numberAt(result, result.at('Threads', 0), 'F', 'N'),
      numberAt(result, result.at('Threads', 0), 'F'),
    );
    assert.doesNotMatch(result.text, /\(B\)/);
  });

  it('do not come with beads that no thread of the catalog has', () => {
    const loose = paged('', ['/B [20 0 R]', '/B [21 0 R]'], { 20: bead(21, 21, 3), 21: bead(20, 20, 4) });
    assert.equal(part(loose, [0]).in(part(loose, [0]).page(0), 'B'), null);
  });
});

describe('layers of a selection', () => {
  const group = (name: string): string => `<< /Type /OCG /Name (${name}) >>`;
  const file = paged(
    '/OCProperties << /OCGs [20 0 R 21 0 R 22 0 R] /D << /OFF [21 0 R] /Order [(All) [20 0 R 21 0 R] [(Rest) 22 0 R]] ' +
      '/RBGroups [[20 0 R 22 0 R]] /AS [<< /Event /Print /OCGs [21 0 R 22 0 R] /Category [/Print] >>] >> >>',
    [
      '/Resources << /Properties << /A 20 0 R >> >>',
      '/Resources << /Properties << /B 21 0 R >> >>',
      '/Resources << /Properties << /A 20 0 R /C 22 0 R >> >>',
    ],
    { 20: group('a'), 21: group('b'), 22: group('c') },
  );

  it('are those that its pages use, as visible as they were', () => {
    const [first, second, third] = parts(file, [[0], [1], [2]]);
    const names = (result: Result, key: string): unknown =>
      result.each(result.at('OCProperties', ...key.split(' ')), 'Name');
    assert.deepEqual(names(first!, 'OCGs'), ['(a)']);
    assert.equal(first!.at('OCProperties', 'D', 'OFF'), null);
    assert.deepEqual(plain(first!, 'OCProperties', 'D', 'Order'), ['(All)', [{ Type: '/OCG', Name: '(a)' }]]);
    assert.deepEqual(names(second!, 'D OFF'), ['(b)']);
    assert.deepEqual(names(second!, 'D AS 0 OCGs'), ['(b)']);
    assert.deepEqual(names(third!, 'OCGs'), ['(a)', '(c)']);
    assert.deepEqual(names(third!, 'D RBGroups 0'), ['(a)', '(c)']);
  });

  it('are not there where no page uses one', () => {
    const plainFile = paged('/OCProperties << /OCGs [20 0 R] /D << >> >>', ['', ''], { 20: group('a') });
    assert.equal(part(plainFile, [0]).at('OCProperties'), null);
  });
});

describe('annotations of a selection', () => {
  const note = (text: string): string => `<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] ${text} >>`;

  it('do not bring those of missing pages that they answer', () => {
    const file = paged('', ['/Annots [20 0 R 21 0 R]', '/Annots [22 0 R]'], {
      20: note('/Contents (answer) /IRT 22 0 R /Popup 21 0 R /P 3 0 R'),
      21: '<< /Type /Annot /Subtype /Popup /Rect [0 0 9 9] /Parent 20 0 R /P 3 0 R >>',
      22: note('/Contents (asked) /P 4 0 R'),
    });
    const result = part(file, [0]);
    assert.doesNotMatch(result.text, /asked/);
    assert.equal(result.in(result.page(0), 'Annots', 0, 'IRT'), null);
    assert.equal(
      numberAt(result, result.page(0), 'Annots', 0, 'Popup', 'Parent'),
      numberAt(result, result.page(0), 'Annots', 0),
    );
  });

  it('stay where they say that they are on another page', () => {
    const file = paged('', ['/Annots [20 0 R]', ''], { 20: note('/Contents (here) /P 4 0 R') });
    assert.match(part(file, [0]).text, /here/);
  });

  it('are the own ones of a page that comes twice', () => {
    const file = paged('', ['/Annots 23 0 R', ''], {
      20: note('/Contents (note) /Popup 21 0 R /P 3 0 R'),
      21: '<< /Type /Annot /Subtype /Popup /Rect [0 0 9 9] /Parent 20 0 R /P 3 0 R >>',
      22: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [3 0 R /Fit] >>',
      23: '[20 0 R 22 0 R]',
    });
    const result = arranged([file], [0, 1, 0]);
    assert.deepEqual(marks(result), [0, 1, 0]);
    const number = (index: number, ...path: (string | number)[]): number =>
      numberAt(result, result.page(index), 'Annots', ...path);
    const page = (index: number): number => result.opened.pages[index]!.number;
    assert.notEqual(number(0, 0), number(2, 0));
    assert.equal(number(0, 0, 'P'), page(0));
    assert.equal(number(2, 0, 'P'), page(2));
    assert.equal(number(2, 0, 'Popup', 'Parent'), number(2, 0));
    assert.notEqual(number(0, 0, 'Popup'), number(2, 0, 'Popup'));
    assert.equal(number(2, 1, 'Dest', 0), page(0));
  });
});

describe('odd values in a document that is split', () => {
  const catalogKeys = [
    'Outlines',
    'Names',
    'Dests',
    'PageLabels',
    'AcroForm',
    'StructTreeRoot',
    'Threads',
    'OCProperties',
  ];
  const inside: readonly string[] = [
    '/Outlines << /First V >>',
    '/Outlines << /First 20 0 R >>',
    '/Names << /Dests << /Names [(a) V] >> >>',
    '/AcroForm << /Fields V >>',
    '/AcroForm << /Fields [20 0 R] /CO V /DR V >>',
    '/StructTreeRoot << /K V /ParentTree << /Nums [0 V 1 20 0 R] >> /IDTree << /Names [(i) V] >> >>',
    '/StructTreeRoot << /K 20 0 R /ParentTree << /Nums [0 [20 0 R V]] >> >>',
    '/Threads [V 20 0 R]',
    '/OCProperties << /OCGs V /D << /Order V /AS V >> >>',
  ];
  const catalogs = [...catalogKeys.map((key) => `/${key} V`), ...inside];
  for (const value of oddValues)
    it(`gives a part, and pages in another order, with ${value}`, () => {
      for (const catalog of catalogs) {
        const file = paged(
          catalog.replaceAll('V', value),
          [`/StructParents 0 /Annots [10 0 R 20 0 R] /B ${value}`, '/StructParents 1'],
          {
            10: `<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /Parent ${value} /P ${value} /Dest ${value} /A ${value} >>`,
            20: `<< /Type /Annot /Subtype /Widget /S /P /Rect [0 0 9 9] /P ${value} /Kids ${value} /K ${value} /F ${value} /N ${value} /T (t) /Next ${value} >>`,
          },
        );
        for (const result of parts(file, [[0], [1]])) assert.equal(marks(result).length, 1, catalog);
        assert.deepEqual(marks(arranged([file], [1, 0, 0])), [1, 0, 0], catalog);
        assert.deepEqual(marks(arranged([file, file], [0, { input: 1, page: 0 }])), [0, 0], catalog);
      }
    });
});
