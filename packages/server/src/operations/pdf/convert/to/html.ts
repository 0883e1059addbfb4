import { field } from '../../../fields.ts';
import { defineOperation } from '../../../operation.ts';
import { inBody, read, readingProfiles, textFields } from '../../../reading.ts';

export default defineOperation({
  path: '/pdf/convert/to/html',
  group: 'Convert from PDF',
  title: 'PDF to HTML',
  about:
    'One file of HTML that looks like the pages: text in its places, lines, fills, pictures, links to the web, and the marks of form fields. Nothing in it runs or is loaded from elsewhere. Letters stand in fonts that every reader has.',
  makes: 'html',
  answers: inBody,
  fields: {
    ...textFields,
    simple: field.boolean('Paragraphs and tables without a style, as they are read.', false),
    columns: field.boolean('Read columns as of a newspaper one after the other.', false),
  },
  profiles: readingProfiles,
  examples: [
    {
      title: 'As the pages look',
      request: { url: 'sample:table.pdf', name: 'result.html' },
      expect: { pageCount: 1, name: 'result.html' },
    },
    {
      title: 'Plain paragraphs and tables, in the answer',
      request: { url: 'sample:letter.pdf', simple: 'true', inline: 'true' },
      expect: {
        pageCount: 1,
        body: `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>Document</title>
</head>
<body>
<section id="page1">
<p>Dear Ada,</p>
<p>the engine runs.<br>
It reads cards.</p>
</section>
</body>
</html>
`,
      },
    },
  ],
  run(call, tools) {
    const extractColumnByColumn = call.columns || call.profiles.extractColumnByColumn;
    const profiles = { ...call.profiles, extractColumnByColumn };
    return read({ as: 'html', isSimple: call.simple }, { ...call, profiles }, tools);
  },
});
