import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagesPdf, type Objects } from '../builder.ts';
import { document, merged, oddValues, type Result } from './result.ts';

const MARKED = '/MarkInfo << /Marked true >>';

interface TaggedParts {
  readonly role?: string;
  /** Entries of the root of the tree. */
  readonly root?: string;
  /** Entries of the paragraph. */
  readonly element?: string;
  readonly catalog?: string;
  readonly more?: Objects;
}

/** A tagged page: a paragraph (12) and a link (13) whose annotation (14) is on the page, keys 0 and 7 in the parent tree. */
function tagged(
  text: string,
  { role = 'P', root = '', element = '', catalog = '', more = {} }: TaggedParts = {},
): Buffer {
  return document(`/StructTreeRoot 10 0 R ${MARKED} ${catalog}`, '/StructParents 0 /Annots [14 0 R]', {
    10: `<< /Type /StructTreeRoot /K 11 0 R /ParentTree 15 0 R /ParentTreeNextKey 8 ${root} >>`,
    11: '<< /Type /StructElem /S /Document /P 10 0 R /K [12 0 R 13 0 R] >>',
    12: `<< /Type /StructElem /S /${role} /P 11 0 R /Pg 3 0 R /K 0 /ActualText (${text}) ${element} >>`,
    13: '<< /S /Link /P 11 0 R /K << /Type /OBJR /Obj 14 0 R /Pg 3 0 R >> >>',
    14: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /StructParent 7 >>',
    15: '<< /Nums [0 [12 0 R] 7 13 0 R] >>',
    ...more,
  });
}

/** The entries of the parent tree. */
function parents(result: Result): Map<number, unknown> {
  const list = result.at('StructTreeRoot', 'ParentTree', 'Nums') as unknown[];
  const found = new Map<number, unknown>();
  for (let at = 0; at < list.length; at += 2)
    found.set(result.plain(list[at] as never) as number, result.resolve(list[at + 1] as never));
  return found;
}

/** Where the trees of the documents stand: in the root, or in the one element there. */
const tops = (result: Result): (string | number)[] =>
  Array.isArray(result.at('StructTreeRoot', 'K')) ? ['StructTreeRoot', 'K'] : ['StructTreeRoot', 'K', 'K'];

/** The paragraph of a document, by its position. */
const paragraph = (result: Result, index: number): ReturnType<Result['at']> =>
  result.at(...tops(result), index, 'K', 0);

describe('structure', () => {
  it('adds nothing to documents without tags', () => {
    const result = merged(pagesPdf(1), document('', '/StructParents 3'));
    assert.equal(result.at('StructTreeRoot'), null);
    assert.equal(result.at('MarkInfo'), null);
    assert.equal(result.in(result.page(1), 'StructParents'), null);
  });

  it('joins the trees of all documents under one root and one element', () => {
    const result = merged(tagged('A'), tagged('B'));
    const top = result.at('StructTreeRoot', 'K');
    assert.equal(result.plain(result.in(top, 'S')), '/Document');
    assert.equal(result.plain(result.in(top, 'P', 'Type')), '/StructTreeRoot');
    assert.deepEqual(result.each(result.in(top, 'K'), 'S'), ['/Document', '/Document']);
    for (const index of [0, 1]) {
      assert.deepEqual(result.in(top, 'K', index, 'P'), top);
      assert.equal(result.plain(result.in(paragraph(result, index), 'ActualText')), `(${'AB'[index]})`);
      assert.deepEqual(result.in(paragraph(result, index), 'Pg'), result.page(index));
    }
    assert.deepEqual(result.plain(result.at('MarkInfo')), { Marked: true });
  });

  it('leaves the tree of one document as it is', () => {
    for (const result of [merged(tagged('A')), merged(pagesPdf(1), tagged('A'))]) {
      assert.deepEqual(result.each(result.at('StructTreeRoot', 'K'), 'S'), ['/Document']);
      assert.equal(result.plain(result.at('StructTreeRoot', 'K', 0, 'P', 'Type')), '/StructTreeRoot');
    }
  });

  it('leads from pages and annotations to their own elements', () => {
    const result = merged(tagged('A'), pagesPdf(1), tagged('B'));
    const tree = parents(result);
    for (const [page, text, index] of [
      [0, 'A', 0],
      [2, 'B', 1],
    ] as const) {
      const key = result.plain(result.in(result.page(page), 'StructParents')) as number;
      assert.equal(result.plain(result.in(tree.get(key) as never, 0, 'ActualText')), `(${text})`);
      const annotation = result.in(result.page(page), 'Annots', 0);
      const link = tree.get(result.plain(result.in(annotation, 'StructParent')) as number);
      assert.deepEqual(link, result.at(...tops(result), index, 'K', 1));
      assert.deepEqual(result.in(link as never, 'K', 'Obj'), annotation);
    }
    assert.equal(tree.size, 4);
    assert.equal(result.plain(result.at('StructTreeRoot', 'ParentTreeNextKey')), 4);
  });

  it('renumbers annotations that stand in the page, and drops keys that lead nowhere', () => {
    const direct = document(
      `/StructTreeRoot 10 0 R ${MARKED}`,
      '/StructParents 99 /Annots [<< /Subtype /Link /Rect [0 0 9 9] /StructParent 5 >>]',
      { 10: '<< /K [] /ParentTree << /Nums [5 11 0 R] >> >>', 11: '<< /S /Link /P 10 0 R >>' },
    );
    const result = merged(tagged('A'), direct);
    assert.equal(result.in(result.page(1), 'StructParents'), null);
    assert.equal(result.plain(result.in(result.page(1), 'Annots', 0, 'StructParent')), 2);
    assert.equal(result.plain(result.in(parents(result).get(2) as never, 'S')), '/Link');
  });

  it('renumbers annotations that stand in an array that the page refers to', () => {
    const direct = document(`/StructTreeRoot 10 0 R ${MARKED}`, '/Annots 12 0 R', {
      10: '<< /K [11 0 R] /ParentTree << /Nums [5 11 0 R] >> >>',
      11: '<< /S /Link /P 10 0 R >>',
      12: '[<< /Subtype /Link /Rect [0 0 9 9] /StructParent 5 >> << /Subtype /Link /StructParent 9 >>]',
    });
    const result = merged(tagged('A'), direct);
    assert.deepEqual(result.each(result.in(result.page(1), 'Annots'), 'StructParent'), [2, null]);
  });

  it('keeps keys of forms that are drawn, and elements that have a part of one', () => {
    const drawn = tagged('A', {
      element: '/K << /Type /MCR /Pg 3 0 R /Stm 16 0 R /MCID 0 >>',
      more: {
        15: '<< /Nums [0 [] 3 [12 0 R] 7 13 0 R] >>',
        16: { dictionary: '/Subtype /Form /BBox [0 0 9 9] /StructParents 3', data: '/P <</MCID 0>> BDC EMC' },
      },
    });
    const result = merged(tagged('x'), drawn);
    const form = result.in(paragraph(result, 1), 'K', 'Stm');
    const key = result.plain(result.in(form, 'StructParents')) as number;
    assert.deepEqual(result.in(parents(result).get(key) as never, 0), paragraph(result, 1));
  });

  it('keeps the tags of a document beside one without, and says that not all is tagged', () => {
    for (const result of [merged(tagged('A'), pagesPdf(1)), merged(pagesPdf(1), tagged('A'))]) {
      assert.equal(result.plain(result.in(paragraph(result, 0), 'ActualText')), '(A)');
      assert.deepEqual(result.plain(result.at('MarkInfo')), { Marked: true, Suspects: true });
    }
  });

  it('keeps the language of a later document in its elements', () => {
    const result = merged(tagged('A', { catalog: '/Lang (en)' }), tagged('B', { catalog: '/Lang (de)' }));
    assert.deepEqual(result.each(result.at(...tops(result)), 'Lang'), [null, '(de)']);
    const untold = merged(tagged('A', { catalog: '/Lang (en)' }), tagged('B'));
    assert.deepEqual(untold.each(untold.at(...tops(untold)), 'Lang'), [null, '()']);
  });

  it('keeps it in elements that stand in the root', () => {
    const direct = document('/StructTreeRoot << /K << /S /Document /K [] >> >> /Lang (de)', '');
    const result = merged(document('/Lang (en)', ''), direct);
    assert.deepEqual(result.each(result.at(...tops(result)), 'Lang'), ['(de)']);
  });

  it('says nothing of languages where no document does', () => {
    const result = merged(tagged('A'), tagged('B'));
    assert.deepEqual(result.each(result.at(...tops(result)), 'Lang'), [null, null]);
  });

  it('keeps files and lexicons of the trees, and of elements', () => {
    const parts = (text: string): TaggedParts => ({
      root: '/AF [16 0 R] /PronunciationLexicon [16 0 R]',
      element: '/AF [16 0 R]',
      more: { 16: `<< /Type /Filespec /UF (${text}) /AFRelationship /Supplement >>` },
    });
    const result = merged(tagged('A', parts('a')), tagged('B', parts('b')));
    for (const key of ['AF', 'PronunciationLexicon'])
      assert.deepEqual(result.each(result.at('StructTreeRoot', key), 'UF'), ['(a)', '(b)']);
    assert.equal(result.plain(result.in(paragraph(result, 1), 'AF', 0, 'UF')), '(b)');
  });
});

describe('names in the structure', () => {
  const roles = (map: string): TaggedParts => ({ role: 'X', root: `/RoleMap << ${map} >>` });
  const roleOf = (result: Result, index: number): string => {
    let role = result.plain(result.in(paragraph(result, index), 'S')) as string;
    for (let next: unknown = role; typeof next === 'string';) {
      role = next;
      next = result.plain(result.at('StructTreeRoot', 'RoleMap', role.slice(1)));
    }
    return role;
  };

  it('keeps roles that mean the same', () => {
    const result = merged(tagged('A', roles('/X /P')), tagged('B', roles('/X /P')));
    assert.deepEqual(result.plain(result.at('StructTreeRoot', 'RoleMap')), { X: '/P' });
    assert.equal(result.plain(result.in(paragraph(result, 1), 'S')), '/X');
  });

  it('renames roles that documents map differently, through other roles too', () => {
    const result = merged(tagged('A', roles('/X /Y /Y /P')), tagged('B', roles('/X /Y /Y /H1')));
    assert.equal(result.plain(result.in(paragraph(result, 1), 'S')), '/X~2');
    assert.deepEqual([roleOf(result, 0), roleOf(result, 1)], ['/P', '/H1']);
  });

  it('keeps a standard role that another document maps', () => {
    const result = merged(
      tagged('A', { role: 'Note', root: '/RoleMap << /Note /P >>' }),
      tagged('B', { role: 'Note' }),
    );
    assert.deepEqual([roleOf(result, 0), roleOf(result, 1)], ['/P', '/Note']);
  });

  it('renames classes that documents define differently', () => {
    const classes = (value: string): TaggedParts => ({
      element: '/C [/c 0]',
      root: `/ClassMap << /c << /O /Layout /TextAlign /${value} >> >>`,
    });
    const result = merged(
      tagged('A', classes('Start')),
      tagged('B', classes('End')),
      tagged('C', classes('Start')),
    );
    const used = [0, 1, 2].map((index) => result.plain(result.in(paragraph(result, index), 'C', 0)));
    assert.deepEqual(used, ['/c', '/c~2', '/c']);
    assert.equal(result.plain(result.at('StructTreeRoot', 'ClassMap', 'c~2', 'TextAlign')), '/End');
  });

  it('renames ids that an earlier document has, and the headers that name them', () => {
    const parts = {
      element: '/ID (i) /A << /O /Table /Headers [(i) (j)] >>',
      root: '/IDTree << /Names [(i) 12 0 R] >>',
    };
    const result = merged(tagged('A', parts), tagged('B', parts));
    const list = result.at('StructTreeRoot', 'IDTree', 'Names');
    assert.equal(result.plain(result.in(list, 0)), '(i)');
    assert.deepEqual(result.in(list, 1), paragraph(result, 0));
    assert.equal(result.plain(result.in(list, 2)), '(i~2)');
    assert.deepEqual(result.in(list, 3), paragraph(result, 1));
    assert.equal(result.plain(result.in(paragraph(result, 1), 'ID')), '(i~2)');
    assert.deepEqual(result.plain(result.in(paragraph(result, 1), 'A', 'Headers')), ['(i~2)', '(j)']);
    assert.equal(result.plain(result.in(paragraph(result, 0), 'ID')), '(i)');
  });

  it('renames elements that stand in others', () => {
    const nested = (target: string): Buffer =>
      tagged('x', { root: `/RoleMap << /X /${target} >>`, element: '/K << /S /X /P 12 0 R /K 0 >>' });
    const result = merged(nested('P'), nested('H1'));
    assert.equal(result.plain(result.in(paragraph(result, 1), 'K', 'S')), '/X~2');
  });
});

describe('namespaces of the structure', () => {
  const PDF_2 = '(http://iso.org/pdf2/ssn)';
  const spaced = (text: string, extra = ''): Buffer =>
    tagged(text, {
      role: 'X',
      root: '/Namespaces [16 0 R 17 0 R] /RoleMap << /X /P >>',
      element: '/NS 17 0 R',
      more: {
        16: `<< /Type /Namespace /NS ${PDF_2} ${extra} >>`,
        17: `<< /Type /Namespace /NS (urn:own) /RoleMapNS << /X [/${text} 16 0 R] >> >>`,
      },
    });

  it('of the standard are shared, those with roles of their own are kept apart', () => {
    const result = merged(spaced('H1'), spaced('H2'));
    const list = result.at('StructTreeRoot', 'Namespaces');
    assert.deepEqual(result.each(list, 'NS'), [PDF_2, '(urn:own)', '(urn:own)']);
    for (const [index, role] of ['/H1', '/H2'].entries()) {
      const map = result.in(paragraph(result, index), 'NS', 'RoleMapNS', 'X');
      assert.equal(result.plain(result.in(map, 0)), role);
      assert.deepEqual(result.in(map, 1), result.in(list, 0));
    }
    assert.equal(result.plain(result.at('StructTreeRoot', 'K', 'NS', 'NS')), PDF_2);
  });

  it('with more to say are not shared', () => {
    const result = merged(spaced('H1', '/Schema (a)'), spaced('H2'));
    assert.equal(result.each(result.at('StructTreeRoot', 'Namespaces'), 'NS').length, 4);
  });

  it('are no matter of the role map', () => {
    const mapped = tagged('A', { role: 'X', root: '/RoleMap << /X /H1 >>' });
    const result = merged(mapped, spaced('H2'));
    assert.equal(result.plain(result.in(paragraph(result, 1), 'S')), '/X');
  });
});

describe('structure of broken documents', () => {
  it('ends in loops of both trees', () => {
    const loop = {
      role: 'X',
      root: '/RoleMap << /X /Y /Y /X >>',
      element: '/K [11 0 R 12 0 R]',
      more: { 15: '<< /Kids [15 0 R 16 0 R] >>', 16: '<< /Nums [0 [12 0 R]] /Kids [15 0 R] >>' },
    };
    const result = merged(
      tagged('A', loop),
      tagged('B', { role: 'X', root: '/RoleMap << /X /P >>' }),
      tagged('C', loop),
    );
    assert.equal(result.opened.pages.length, 3);
    assert.match(result.warnings.join(), /was a loop/);
    assert.equal(result.plain(result.in(paragraph(result, 1), 'S')), '/X~2');
  });

  it('is not led astray by keys that are huge', () => {
    const huge = { more: { 15: '<< /Nums [2147483647 13 0 R 0 [12 0 R]] >>' } };
    const result = merged(tagged('A', huge), tagged('B'));
    assert.deepEqual([...parents(result).keys()], [0, 1, 2, 3]);
  });

  it('bears a tree of any depth', () => {
    const more: Record<number, string> = {};
    for (let at = 20; at < 5000; at++) more[at] = `<< /S /X /P ${at - 1} 0 R /K ${at + 1} 0 R >>`;
    more[5000] = '<< /S /X /P 4999 0 R /ActualText (deep) >>';
    const deep = (to: string): TaggedParts => ({
      root: `/RoleMap << /X /${to} >>`,
      element: '/K 20 0 R',
      more,
    });
    const result = merged(tagged('A', deep('P')), tagged('B', deep('H1')));
    assert.equal(result.text.split('/S/X~2').length + result.text.split('/S /X~2').length - 2, 4981);
  });

  for (const wrong of oddValues)
    it(`takes ${wrong} for any value`, () => {
      const all = (keys: string): string =>
        keys
          .split(' ')
          .map((key) => `/${key} ${wrong}`)
          .join(' ');
      const root = all('K ParentTree IDTree RoleMap ClassMap Namespaces AF');
      const more = { 10: `<< ${root} >>` };
      const below = all('S P K ID C A Pg');
      const result = merged(
        tagged('A', { more }),
        tagged('B', {
          root: '/RoleMap << /X /P >>',
          more: { 12: `<< ${below} >>`, 13: `<< /S /X ${below} >>` },
        }),
        tagged('C', { role: 'X', root: '/RoleMap << /X /H1 >>' }),
        document(`/StructTreeRoot ${wrong} /MarkInfo ${wrong}`, '/StructParents 0', { 10: '[10 0 R]' }),
      );
      assert.equal(result.opened.pages.length, 4);
      assert.match(result.text, /\(C\)/);
    });
});
