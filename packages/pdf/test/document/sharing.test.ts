import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { buildPdf, bytes, type Objects, type StreamText } from '../builder.ts';
import { contents, mergeAndInspect, pageText, references, type Inspection } from '../inspect.ts';

/** Data that no two seeds have in common. */
function noise(seed: string, length = 4000): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < length; at += 32) parts.push(createHash('sha256').update(`${seed} ${at}`).digest());
  return Buffer.concat(parts).subarray(0, length);
}

const picture = (data: Uint8Array, entries = ''): StreamText => ({
  dictionary: `/Type /XObject /Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace /DeviceGray ${entries}`,
  data,
});

/** One page (3) whose /I is object 10, and a text that makes the file another one. */
function pictured(title: string, objects: Objects, page = ''): Buffer {
  return buildPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Title (${title}) /Resources 4 0 R /Contents 5 0 R ${page} >>`,
    4: '<< /XObject << /I 10 0 R >> >>',
    5: { dictionary: '', data: `% ${title}\n/I Do` },
    ...objects,
  });
}

/** The streams of a result whose data is this. */
function copiesOf({ objects }: Inspection, data: Uint8Array): number {
  return [...objects.values()].filter((each) => each.data !== undefined && each.data.equals(data)).length;
}

/** The text of what a page's resources have under a key, references followed. */
function resource(inspection: Inspection, page: number): { text: string; data: Buffer | undefined } {
  const [, resources] = /\/Resources (\d+)/.exec(pageText(inspection, page))!;
  const [, number] = /\/I (\d+)/.exec(inspection.objects.get(Number(resources))!.text)!;
  return inspection.objects.get(Number(number))!;
}

describe('sharing between documents', () => {
  it('stores a picture that two documents have once', () => {
    const data = noise('logo');
    const merged = mergeAndInspect([
      pictured('a', { 10: picture(data) }),
      pictured('another', { 8: '(moved)', 10: picture(data) }, '/Annots []'),
    ]);
    assert.equal(copiesOf(merged, data), 1);
    assert.ok(resource(merged, 0).data!.equals(data));
    assert.deepEqual(resource(merged, 1), resource(merged, 0));
  });

  it('stores a picture that one document has twice once', () => {
    const data = noise('logo');
    const file = pictured('a', {
      4: '<< /XObject << /I 10 0 R /J 11 0 R >> >>',
      10: picture(data),
      11: picture(data),
      12: '(last)',
    });
    assert.equal(copiesOf(mergeAndInspect([file]), data), 1);
  });

  it('finds it with another length object, another order of keys and other line ends', () => {
    const data = noise('logo');
    const other = pictured('b', {
      10: { dictionary: '/Subtype /Image /Type /XObject /W 7 0 R /Length 8 0 R', data },
      8: String(data.length),
      7: '12',
    });
    const crlf = Buffer.from(
      other
        .toString('latin1')
        .replace(
          `${data.toString('latin1')}\nendstream\nendobj`,
          `${data.toString('latin1')}\r\nendstream\r\nendobj`,
        ),
      'latin1',
    );
    const first = pictured('a', {
      10: { dictionary: '/Type /XObject /Subtype /Image /W 12', data },
      11: 'null',
    });
    assert.equal(copiesOf(mergeAndInspect([first, other]), data), 1);
    assert.equal(copiesOf(mergeAndInspect([first, crlf]), data), 1);
  });

  const different: readonly (readonly [title: string, a: Objects, b: Objects])[] = [
    [
      'another first byte',
      { 10: picture(noise('x')) },
      { 10: picture(Buffer.concat([bytes('?'), noise('x').subarray(1)])) },
    ],
    ['another width', { 10: picture(noise('x')) }, { 10: picture(noise('x'), '/Width 40') }],
    ['one more key', { 10: picture(noise('x')) }, { 10: picture(noise('x'), '/Interpolate true') }],
    [
      'another mask',
      { 10: picture(noise('x'), '/SMask 11 0 R'), 11: picture(noise('m')) },
      { 10: picture(noise('x'), '/SMask 11 0 R'), 11: picture(noise('n')) },
    ],
    [
      'a mask that does not exist',
      { 10: picture(noise('x'), '/SMask 11 0 R'), 11: picture(noise('m')) },
      { 10: picture(noise('x'), '/SMask 99 0 R') },
    ],
    [
      'a place in the structure',
      { 10: picture(noise('x'), '/StructParent 1') },
      { 10: picture(noise('x'), '/StructParent 1') },
    ],
    [
      'a layer',
      { 10: picture(noise('x'), '/OC 11 0 R'), 11: '<< /Type /OCG /Name (L) >>' },
      { 10: picture(noise('x'), '/OC 11 0 R'), 11: '<< /Type /OCG /Name (L) >>' },
    ],
  ];
  for (const [title, a, b] of different)
    it(`keeps pictures apart that differ by ${title}`, () => {
      const merged = mergeAndInspect([pictured('a', a), pictured('b', b)]);
      const numbers = [0, 1].map(
        (page) =>
          /\/I (\d+)/.exec(
            merged.objects.get(Number(/\/Resources (\d+)/.exec(pageText(merged, page))![1]))!.text,
          )![1],
      );
      assert.notEqual(numbers[0], numbers[1]);
    });

  it('compares what a picture refers to by value: masks, colour spaces with their profiles', () => {
    const parts = (first: number): Objects => ({
      10: picture(noise('x'), `/SMask ${first} 0 R /ColorSpace [/ICCBased ${first + 1} 0 R]`),
      [first]: picture(noise('mask'), `/Decode ${first + 2} 0 R`),
      [first + 1]: { dictionary: '/N 1', data: noise('profile') },
      [first + 2]: '[0 1]',
    });
    const merged = mergeAndInspect([pictured('a', parts(11)), pictured('b', parts(20))]);
    for (const data of [noise('x'), noise('mask'), noise('profile')]) assert.equal(copiesOf(merged, data), 1);
    assert.deepEqual(resource(merged, 1), resource(merged, 0));
  });

  it('does not share the appearances of annotations, which are changed in place', () => {
    const annotated = (title: string): Buffer =>
      pictured(
        title,
        {
          10: '(none)',
          20: '<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 21 0 R >> >>',
          21: { dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 9 9]', data: noise('form') },
        },
        '/Annots [20 0 R]',
      );
    assert.equal(copiesOf(mergeAndInspect([annotated('a'), annotated('b')]), noise('form')), 2);
  });

  it('stays fast and right with very many streams that end alike', () => {
    const objects: Record<number, string | StreamText> = {};
    const names: string[] = [];
    for (let at = 0; at < 5000; at++) {
      names.push(`/P${at} ${100 + at} 0 R`);
      objects[100 + at] = picture(Buffer.concat([bytes(String(at).padStart(8, '0')), noise('same', 1200)]));
    }
    objects[4] = `<< /XObject << ${names.join(' ')} >> >>`;
    const merged = mergeAndInspect([pictured('a', { ...objects, 10: '(none)' })]);
    const pictures = [...merged.objects.values()].filter(({ text }) => text.includes('/Image'));
    assert.equal(pictures.length, 5000);
    assert.equal(new Set(pictures.map(({ data }) => data!.toString('latin1', 0, 8))).size, 5000);
  });
});

describe('the same document twice', () => {
  const file = (count: number): Buffer => {
    const objects: Record<number, string | StreamText> = {
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      3: '<< /Font << /F1 4 0 R >> >>',
      4: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Widths 5 0 R >>',
      5: '[1 2 3]',
    };
    const kids: string[] = [];
    for (let page = 0; page < count; page++) {
      const at = 10 + page * 3;
      kids.push(`${at} 0 R`);
      objects[at] = `<< /Type /Page /Parent 2 0 R /Contents [${at + 1} 0 R] /Annots [${at + 2} 0 R] >>`;
      objects[at + 1] = { dictionary: '', data: `(page ${page}) Tj` };
      objects[at + 2] =
        `<< /Subtype /Link /Rect [0 0 9 9] /Border [0 0 0] /P ${at} 0 R /A << /S /URI /URI (x) >> >>`;
    }
    objects[2] = `<< /Type /Pages /Count ${count} /Kids [${kids.join(' ')}] /MediaBox [0 0 9 9] /Resources 3 0 R >>`;
    return buildPdf(objects);
  };

  it('costs its pages and annotations twice, and nothing else', () => {
    const [once, twice] = [mergeAndInspect([file(20)]), mergeAndInspect([file(20), file(20)])];
    assert.equal(twice.objects.size, once.objects.size + 40 + 2);
    assert.deepEqual(contents(twice), [...contents(once), ...contents(once)]);
  });

  it('leaves links and pages of each their own', () => {
    const twice = mergeAndInspect([file(2), file(2), file(2)]);
    const annotations = twice.pages.map(
      (page) => references(/\/Annots\s*\[([^\]]*)\]/.exec(twice.objects.get(page)!.text)![1]!)[0]!,
    );
    assert.equal(new Set(annotations).size, 6);
    for (const [index, annotation] of annotations.entries())
      assert.deepEqual(references(/\/P (\d+ 0 R)/.exec(twice.objects.get(annotation)!.text)![1]!), [
        twice.pages[index]!,
      ]);
  });

  it('copies a list of streams again, since pages are added to by it', () => {
    const listed = pictured('a', { 5: '[6 0 R]', 6: { dictionary: '', data: 'q Q' } });
    const twice = mergeAndInspect([listed, listed]);
    const lists = twice.pages.map((page) =>
      Number(/\/Contents (\d+)/.exec(twice.objects.get(page)!.text)![1]),
    );
    assert.notEqual(lists[0], lists[1]);
    assert.equal(copiesOf(twice, bytes('q Q')), 1);
  });

  it('does not share layers, nor what hangs on them', () => {
    const layered = pictured('a', {
      10: picture(noise('x'), '/OC 11 0 R'),
      11: '<< /Type /OCG /Name (L) >>',
    });
    const twice = mergeAndInspect([layered, layered]);
    assert.equal([...twice.objects.values()].filter(({ text }) => text.includes('/OCG')).length, 2);
    assert.equal(copiesOf(twice, noise('x')), 2);
  });

  it('survives resources that refer to each other and to pages', () => {
    const looped = pictured('a', {
      4: '<< /XObject << /I 10 0 R >> /Font << /F 6 0 R >> >>',
      6: '<< /Type /Font /Self 6 0 R /Other 7 0 R >>',
      7: '<< /Back 6 0 R /Page 3 0 R >>',
      10: picture(noise('x'), '/Resources 4 0 R'),
    });
    const twice = mergeAndInspect([looped, looped]);
    assert.equal(twice.pages.length, 2);
    const backs = [...twice.objects.values()].filter(({ text }) => text.includes('/Back'));
    assert.deepEqual(new Set(backs.map(({ text }) => references(text)[1])), new Set(twice.pages));
  });

  it('is found also where it is encrypted', () => {
    const encrypted = readFileSync(new URL('../fixtures/encrypted-r6-streams.pdf', import.meta.url));
    const twice = mergeAndInspect([encrypted, encrypted]);
    assert.equal(copiesOf(twice, bytes('BT (secret content) Tj ET')), 1);
    const [first, second] = contents(twice);
    assert.match(first!, /secret content/);
    assert.equal(second, first);
  });
});
