import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PdfObject } from '../../src/objects/object.ts';
import { pagesPdf } from '../builder.ts';
import { document, merged, oddValues, type Result } from './result.ts';

/** A document of two layers (10 and 11, called by `name` and a number) with this default configuration. */
function layered(name: string, config: string, group = '', more: Record<number, string> = {}): Buffer {
  return document(
    `/OCProperties << /OCGs [10 0 R 11 0 R] /D << ${config} >> /Configs [<< /Name (other) >>] >>`,
    '/Resources << /Properties << /a 10 0 R /b 11 0 R >> >>',
    {
      10: `<< /Type /OCG /Name (${name} 1) ${group} >>`,
      11: `<< /Type /OCG /Name (${name} 2) ${group} >>`,
      ...more,
    },
  );
}

const names = (result: Result, key: string): unknown[] =>
  result.each(result.at('OCProperties', 'D', key) ?? [], 'Name');

/** The names of the groups that a reader hides, by the rules of ISO 32000-2, table 99. */
const hidden = (result: Result): unknown[] => names(result, 'OFF');

describe('layers', () => {
  it('adds nothing to documents without layers', () => {
    assert.equal(merged(pagesPdf(1), pagesPdf(1)).at('OCProperties'), null);
  });

  it('keeps the properties of the only document that has some as they are', () => {
    const result = merged(pagesPdf(1), layered('A', '/BaseState /OFF /ON [11 0 R]'));
    assert.deepEqual(result.plain(result.at('OCProperties')), {
      OCGs: [
        { Type: '/OCG', Name: '(A 1)' },
        { Type: '/OCG', Name: '(A 2)' },
      ],
      D: { BaseState: '/OFF', ON: [{ Type: '/OCG', Name: '(A 2)' }] },
      Configs: [{ Name: '(other)' }],
    });
  });

  it('lists the groups of all documents, those that the pages use', () => {
    const result = merged(layered('A', ''), layered('B', ''));
    const all = ['(A 1)', '(A 2)', '(B 1)', '(B 2)'];
    assert.deepEqual(result.each(result.at('OCProperties', 'OCGs'), 'Name'), all);
    const used = result.in(result.page(1), 'Resources', 'Properties', 'b');
    assert.equal(used, result.at('OCProperties', 'OCGs', 3) && used);
    assert.deepEqual(result.plain(used), { Type: '/OCG', Name: '(B 2)' });
  });

  it('hides what was hidden, by a list or by the base state, and nothing else', () => {
    const result = merged(
      layered('A', '/OFF [11 0 R]'),
      layered('B', '/BaseState /OFF /ON [10 0 R]'),
      layered('C', '/BaseState /ON /ON [10 0 R]'),
      layered('D', '/BaseState /OFF'),
    );
    assert.equal(result.plain(result.at('OCProperties', 'D', 'BaseState')), '/ON');
    assert.deepEqual(hidden(result), ['(A 2)', '(B 2)', '(D 1)', '(D 2)']);
    assert.deepEqual(names(result, 'ON'), ['(B 1)', '(C 1)']);
  });

  it('hides a group that is on and off', () => {
    const both = merged(layered('A', '/ON [10 0 R] /OFF [10 0 R]'), layered('B', ''));
    assert.deepEqual(hidden(both), ['(A 1)']);
    assert.deepEqual(names(both, 'ON').length, 0);
  });

  it('hides a group that the document forgot to list', () => {
    const result = merged(
      layered('A', '/OFF [12 0 R]', '', { 12: '<< /Type /OCG /Name (lost) >>' }),
      layered('B', ''),
    );
    assert.deepEqual(hidden(result), ['(lost)']);
    assert.equal(result.each(result.at('OCProperties', 'OCGs'), 'Name').length, 5);
  });

  it('shows a group whose state the document did not heed for its intent', () => {
    const result = merged(
      layered('A', '/OFF [10 0 R]', '/Intent /Design'),
      layered('B', '/Intent [/View /Design] /OFF [11 0 R]', '/Intent /Design'),
    );
    assert.deepEqual(hidden(result), ['(B 2)']);
    assert.deepEqual(names(result, 'ON'), ['(A 1)']);
    assert.deepEqual(result.plain(result.at('OCProperties', 'D', 'Intent')), ['/View', '/Design']);
    const all = merged(layered('A', '/Intent /All'), layered('B', ''));
    assert.equal(result.plain(all.at('OCProperties', 'D', 'Intent')), '/All');
  });

  it('and keeps it off where none does, as some readers look at no intent', () => {
    const result = merged(layered('A', '/OFF [10 0 R]', '/Intent /Design'), layered('B', ''));
    assert.deepEqual(hidden(result), ['(A 1)']);
    assert.deepEqual(names(result, 'ON').length, 0);
    assert.equal(result.at('OCProperties', 'D', 'Intent'), null);
  });

  it('tells groups of the same name apart, which some readers take for one', () => {
    const result = merged(layered('A', '/OFF [10 0 R]'), layered('B', ''), layered('A', ''));
    const list = result.at('OCProperties', 'OCGs') as PdfObject[];
    const texts = list.map((group) => JSON.stringify(result.plain(group)));
    assert.equal(new Set(texts).size, 6);
    assert.deepEqual(result.each(list, 'XXDocument'), [null, null, null, null, 3, 3]);
    assert.deepEqual(result.each(list, 'Name').slice(4), ['(A 1)', '(A 2)']);
  });

  it('puts the orders one after another, titles and nesting kept', () => {
    const result = merged(
      layered('A', '/Order [10 0 R [(Title) 11 0 R]]'),
      layered('B', '/Order 12 0 R', '', { 12: '[[11 0 R 10 0 R]]' }),
    );
    const order = result.at('OCProperties', 'D', 'Order');
    const texts = JSON.stringify(result.plain(order)).match(/\((\w| )+\)/g);
    assert.deepEqual(texts, ['(A 1)', '(Title)', '(A 2)', '(B 2)', '(B 1)']);
    assert.ok(Array.isArray(order) && Array.isArray(order[1]) && order.length === 4);
  });

  it('joins radio sets, locks and usages', () => {
    const result = merged(
      layered('A', '/RBGroups [[10 0 R 11 0 R]] /Locked [10 0 R]'),
      layered('B', '/RBGroups [12 0 R] /Locked [11 0 R] /AS [13 0 R]', '', {
        12: '[11 0 R]',
        13: '<< /Event /Print /Category [/Print] /OCGs [11 0 R] >>',
      }),
    );
    assert.deepEqual(names(result, 'Locked'), ['(A 1)', '(B 2)']);
    const config = result.at('OCProperties', 'D');
    assert.deepEqual(result.each(result.in(config, 'RBGroups', 0), 'Name'), ['(A 1)', '(A 2)']);
    assert.deepEqual(result.each(result.in(config, 'RBGroups', 1), 'Name'), ['(B 2)']);
    assert.deepEqual(result.each(result.in(config, 'AS', 0, 'OCGs'), 'Name'), ['(B 2)']);
  });

  it('drops the other configurations of several documents', () => {
    assert.equal(merged(layered('A', ''), layered('B', '')).at('OCProperties', 'Configs'), null);
  });
});

describe('layers of broken documents', () => {
  it('ends in a loop of the order', () => {
    const result = merged(
      layered('A', '/Order 12 0 R', '', { 12: '[10 0 R 13 0 R]', 13: '[(Title) 11 0 R 12 0 R 13 0 R]' }),
      layered('B', '/Order [10 0 R]'),
    );
    assert.match(result.warnings.join(), /order of layers was a loop/);
    const order = result.at('OCProperties', 'D', 'Order');
    assert.ok(Array.isArray(order) && order.length === 3);
  });

  it('ends in an order that doubles on each level', () => {
    const more: Record<number, string> = {};
    for (let number = 20; number < 50; number++) more[number] = `[${number + 1} 0 R ${number + 1} 0 R]`;
    more[50] = '[10 0 R]';
    const result = merged(layered('A', '/Order 20 0 R', '', more), layered('B', ''));
    assert.match(result.warnings.join(), /order of layers/);
  });

  for (const wrong of oddValues)
    it(`takes ${wrong} for any value`, () => {
      const keys = ['ON', 'OFF', 'Order', 'RBGroups', 'Locked', 'AS', 'Intent', 'BaseState'];
      const config = keys.map((key) => `/${key} ${wrong}`).join(' ');
      const result = merged(layered('A', config), layered('B', '/OFF [10 0 R]'));
      assert.equal(result.opened.pages.length, 2);
      assert.ok(hidden(result).includes('(B 1)'));
      const odd = document(`/OCProperties << /OCGs ${wrong} /D ${wrong} >>`, '', { 10: 'null' });
      assert.equal(merged(odd, odd, layered('B', '')).opened.pages.length, 3);
    });
});
