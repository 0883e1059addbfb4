import { Failure } from '../../../../errors.ts';
import { field } from '../../../fields.ts';
import { defineOperation } from '../../../operation.ts';
import { printingFields, printingProfiles, printPage, templateData, textSource } from '../../../printing.ts';

/** Of stored templates. */
const idRange = { min: 1, max: 2 ** 31 - 1, absent: 0 };

export default defineOperation({
  path: '/pdf/convert/from/html',
  group: 'Convert to PDF',
  title: 'HTML to PDF',
  about:
    'Prints HTML, or an SVG, as Chromium does. With `templateData` the HTML is a template of Handlebars, whose own scripts may register helpers. `[[barcode: TYPE value ]]` as the source of a picture becomes a barcode. What the page loads from elsewhere is held to the same addresses as source links.',
  makes: 'pdf',
  fields: {
    html: {
      ...textSource('The HTML; or a file part, or a body of its own type.', 'HTML text, or a file part'),
      alsoNamed: ['file', 'url'],
    },
    templateId: field.optional(
      field.integer('Number of a template of `/templates/html`, as it is when the job runs.', idRange),
    ),
    templateData,
    ...printingFields,
  },
  profiles: printingProfiles,
  examples: [
    {
      title: 'A page with a foot',
      request: {
        html: '<h1 style="break-after: page">Hello</h1><p>Second page',
        margins: '20mm',
        paperSize: 'A5',
        footer: '<span style="font-size: 8pt" class="pageNumber"></span>',
        name: 'hello.pdf',
      },
      expect: { pageCount: 2, name: 'hello.pdf' },
    },
    {
      title: 'A template with a barcode',
      request: {
        html: '<p>{{name}}{{#each items}}, {{this}}{{/each}}</p><img src="[[barcode: QRCode {{name}} ]]">',
        templateData: '{ "name": "Ada", "items": [1, 2] }',
      },
      expect: { pageCount: 1 },
    },
  ],
  async run({ html, templateId, templateData: asked, ...fields }, tools) {
    const data = asked && (await tools.fetch(asked));
    if (templateId !== undefined && html === undefined) {
      const template = await tools.template('html', templateId);
      return printPage({ html: template, data, isTemplate: true }, fields, tools);
    }
    if (html === undefined)
      throw new Failure('fieldMissing', { field: 'html', expected: 'HTML text, a file part, or templateId' });
    const page = await tools.page(html);
    return printPage('html' in page ? { ...page, data } : page, fields, tools);
  },
});
