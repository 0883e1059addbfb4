import { type Field, field } from '../../../fields.ts';
import { defineOperation } from '../../../operation.ts';
import { inBody, read, readingProfiles, textFields } from '../../../reading.ts';

const lineEndings: Readonly<Record<string, string>> = { crlf: '\r\n', lf: '\n', cr: '\r' };

export default defineOperation({
  path: '/pdf/convert/to/text-simple',
  group: 'Convert from PDF',
  title: 'PDF to text, in the order of reading',
  about:
    'Paragraphs one after another with an empty line between, column by column where a page is set in columns, and a form feed between pages; UTF-8.',
  makes: 'txt',
  answers: inBody,
  fields: { ...textFields, lineEnding: lineEnding() },
  profiles: readingProfiles,
  examples: [
    {
      title: 'With line feeds, in the answer',
      request: { url: 'sample:letter.pdf', inline: 'true', lineEnding: 'lf' },
      expect: { pageCount: 1, body: 'Dear Ada,\n\nthe engine runs.\nIt reads cards.\n' },
    },
  ],
  run: (call, tools) => read({ as: 'text-simple', lineEnding: call.lineEnding }, call, tools),
});

/** By name, or as it is: the characters themselves, or `\r\n` as clients write it. */
function lineEnding(): Field<string> {
  const text = field.text('What ends a line: `crlf`, `lf` or `cr`, or the characters themselves.');
  const endingOf = (given: string) => {
    const name = given.replaceAll(/\r|\\r/g, 'cr').replaceAll(/\n|\\n/g, 'lf');
    return lineEndings[name.toLowerCase() || 'crlf'] ?? '';
  };
  return {
    ...text,
    expected: 'one of crlf, lf, cr',
    schema: text.schema.transform(endingOf).refine((ending) => ending !== ''),
    wire: { type: 'string', enum: Object.keys(lineEndings), default: 'crlf' },
  };
}
