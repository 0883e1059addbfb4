import { field } from '../../../fields.ts';
import { mailPages } from '../../../mail-pages.ts';
import { defineOperation } from '../../../operation.ts';
import { paperFields, printSettings } from '../../../printing.ts';

/** Points: text to the edge of the paper is not what anybody wants of a letter. */
const margin = 28.35;
const usualMargins = { top: margin, right: margin, bottom: margin, left: margin };

export default defineOperation({
  path: '/pdf/convert/from/email',
  group: 'Convert to PDF',
  title: 'E-mail (MSG, EML) to PDF',
  about:
    'Makes a PDF of an e-mail: who wrote what to whom, the text with its pictures, and behind it what is attached, as far as it becomes pages. What is attached also lies in the PDF as files. Nothing is fetched for an e-mail: pictures that lie elsewhere, which tell the sender that it was read, are left out with a warning.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the e-mail; or a file part named `file`.'),
    embedAttachments: field.boolean('Put what is attached into the PDF, as files.', true),
    convertAttachments: field.boolean(
      'Show what is attached as pages: PDFs, pictures, documents, HTML, e-mails, and what ZIP archives hold. Of what becomes no pages a warning says why.',
      true,
    ),
    ...paperFields,
  },
  profiles: { paperSize: paperFields.paperSize, orientation: paperFields.orientation },
  examples: [
    {
      title: 'A letter with a PDF and a picture',
      request: { url: 'sample:letter.eml', name: 'letter.pdf' },
      expect: { pageCount: 3, name: 'letter.pdf' },
    },
    {
      title: 'The text of a message of Outlook alone, lying',
      request: {
        url: 'sample:letter.msg',
        convertAttachments: 'false',
        embedAttachments: 'false',
        profiles: "{ 'paperSize': 'letter', 'orientation': 'landscape' }",
      },
      expect: { pageCount: 1 },
    },
  ],
  async run({ url, embedAttachments, convertAttachments, profiles, ...fields }, { fetch, engine, can }) {
    const paper = printSettings({
      margins: fields.margins ?? usualMargins,
      header: fields.header,
      footer: fields.footer,
      paperSize: profiles.paperSize ?? fields.paperSize,
      orientation: profiles.orientation === 'Landscape' ? 'Landscape' : fields.orientation,
    });
    const settings = { converts: convertAttachments, embeds: embedAttachments, paper };
    return mailPages(await fetch(url), settings, { engine, can });
  },
});
