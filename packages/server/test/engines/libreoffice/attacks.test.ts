/** Documents that reach for the network and for files of the host: nothing comes there, and nothing of them stands on the pages. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  createPdfiumEngine,
  pdfiumPicturesProgram,
  pdfiumProgram,
} from '../../../src/engines/pdfium/engine.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import { readingSettings } from '../../../src/operations/reading.ts';
import { docx, odt, paragraphs } from '../../program/office.ts';
import { grayPng } from '../../program/png.ts';
import { openOffice, skip } from './office.ts';

const secret = 'SECRETMARKER';
/** Pixels of a picture that nobody else has. */
const side = 37;

describe('hostile documents in LibreOffice', { skip, timeout: 300_000 }, () => {
  let hits = 0;
  let http = '';
  const server = createServer((socket) => {
    hits += 1;
    socket.destroy();
  });
  const datagrams = createSocket('udp4', () => (hits += 1));
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    datagrams.bind(port, '127.0.0.1');
    await once(datagrams, 'listening');
    http = `http://127.0.0.1:${port}/canary`;
  });
  after(() => {
    server.close();
    datagrams.close();
  });
  let reader: Engine;
  const { folder, context, print, test } = openOffice((sandbox, directory) => {
    const pools = {
      plain: sandbox.pool(pdfiumProgram({ size: 1 })),
      pictures: sandbox.pool(pdfiumPicturesProgram({ size: 1 })),
    };
    reader = createPdfiumEngine(pools, { directory, boxes: 1 });
  });

  /** Prints a document, and looks at what stands on its pages: what it says itself, and nothing of the host. */
  async function attack(bytes: Uint8Array | string, name: string): Promise<void> {
    const made = await print(bytes, name);
    const read = await reader.abilities['pdf.read']?.(
      {
        document: made.file,
        pages: '',
        settings: readingSettings({}, {}),
        output: { as: 'text-simple', lineEnding: '\n' },
      },
      context(),
    );
    const text = readFileSync(read?.file.path ?? '', 'utf8');
    assert.match(text, /plain words/, name);
    assert.doesNotMatch(text, new RegExp(`${secret}|root:`), name);
    const pdf = made.bytes.toString('latin1');
    assert.doesNotMatch(pdf, /\/JavaScript\b|\/Launch\b/, name);
    assert.doesNotMatch(pdf, new RegExp(`/Image/Width ${side}/Height ${side}\\b`), name);
    assert.equal(hits, 0, name);
  }

  /** Everything that a document may link to: files of the host that anybody may read, and the canary. */
  function targets(): readonly string[] {
    const at = (name: string, data: string | Uint8Array) => {
      writeFileSync(join(folder, name), data, { mode: 0o644 });
      return pathToFileURL(join(folder, name)).href;
    };
    const text = at('secret.txt', secret);
    const picture = at('secret.png', grayPng(side, side));
    const document = at('secret.odt', odt(`<text:p>${secret}</text:p>`));
    return [`${http}/a.png`, picture, text, document, 'file:///etc/passwd', http.replace('http:', 'smb:')];
  }

  test('of Word', async () => {
    const links = targets();
    const pictures = links.map(
      (_, index) =>
        `<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="${index + 1}" name="p"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="r${index}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
    );
    const field = (code: string) =>
      `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>${code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`;
    const fields = links.flatMap((link) => [
      field(`INCLUDETEXT "${link}"`),
      field(`INCLUDEPICTURE "${link}" \\d`),
      field(`DDEAUTO soffice "${link}" item`),
      field(`LINK Word.Document.8 "${link}" "" \\a \\p`),
    ]);
    const body = paragraphs('plain words') + pictures.join('') + fields.join('');
    const relations = links.map((target, index) => ({
      id: `r${index}`,
      type: 'image',
      target,
      isExternal: true,
    }));
    await attack(docx(body, { relations }), 'a.docx');
    const template = { id: 't', type: 'attachedTemplate', target: http, isExternal: true };
    const settings = `<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:attachedTemplate r:id="t"/><w:linkStyles/></w:settings>`;
    await attack(
      docx(paragraphs('plain words'), {
        type: 'application/vnd.ms-word.document.macroEnabled.main+xml',
        relations: [
          template,
          { id: 's', type: 'settings', target: 'settings.xml' },
          { id: 'o', type: 'oleObject', target: links[3] ?? '', isExternal: true },
          { id: 'f', type: 'frame', target: http, isExternal: true },
        ],
        parts: { 'word/settings.xml': settings, 'word/vbaProject.bin': Buffer.alloc(4_096, 1) },
      }),
      'a.docm',
    );
  });

  test('of OpenDocument', async () => {
    const parts = targets().map(
      (link, index) =>
        `<text:section text:name="s${index}"><text:section-source xlink:href="${link}" xlink:type="simple"/><text:p/></text:section><text:p><draw:frame draw:name="f${index}" text:anchor-type="as-char" svg:width="2cm" svg:height="2cm"><draw:image xlink:href="${link}" xlink:type="simple" xlink:actuate="onLoad"/></draw:frame><draw:frame draw:name="o${index}" text:anchor-type="as-char" svg:width="2cm" svg:height="2cm"><draw:object xlink:href="${link}" xlink:type="simple" xlink:actuate="onLoad"/></draw:frame></text:p><text:section text:name="d${index}"><office:dde-source office:dde-application="soffice" office:dde-topic="${link}" office:dde-item="a" office:automatic-update="true"/><text:p/></text:section>`,
    );
    const scripts = `<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load" xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document" xlink:type="simple"/></office:event-listeners></office:scripts>`;
    const basic = {
      'Basic/script-lc.xml':
        '<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd"><library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" library:link="false"/></library:libraries>',
      'Basic/Standard/script-lb.xml':
        '<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd"><library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/></library:library>',
      'Basic/Standard/Module1.xml': `<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd"><script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">Sub Main\n ThisComponent.Text.String = "${secret}"\nEnd Sub</script:module>`,
    };
    await attack(odt(`<text:p>plain words</text:p>${parts.join('')}`, { scripts, parts: basic }), 'a.odt');
    const [, , text = ''] = targets();
    const entities = `<!DOCTYPE a [<!ENTITY e SYSTEM "${text}"><!ENTITY n SYSTEM "${http}">]>`;
    // That it is refused is right too.
    await attack(odt('<text:p>plain words &e; &n;</text:p>', { before: entities }), 'a.odt').catch(
      (error: Error) => {
        assert.match(error.message, /cannot be read/);
      },
    );
    assert.equal(hits, 0);
  });

  test('of RTF', async () => {
    const fields = targets().flatMap((link) => [
      `{\\field{\\*\\fldinst INCLUDETEXT "${link}"}{\\fldrslt }}`,
      `{\\field{\\*\\fldinst INCLUDEPICTURE "${link}" \\\\d}{\\fldrslt }}`,
      `{\\field{\\*\\fldinst DDEAUTO soffice "${link}" a}{\\fldrslt }}`,
    ]);
    await attack(`{\\rtf1{\\*\\template ${http}} plain words\\par ${fields.join('\\par ')}}`, 'a.rtf');
  });

  test('of HTML', async () => {
    const parts = targets().map(
      (link) =>
        `<img src="${link}"><iframe src="${link}"></iframe><object data="${link}"></object><embed src="${link}"><link rel=stylesheet href="${link}"><p style="background:url(${link})">a</p>`,
    );
    const page = `<html><head><base href="${http}/"></head><body background="b.png"><p>plain words</p>${parts.join('')}<img src="c.png"></body></html>`;
    await attack(page, 'a.html');
  });
});
