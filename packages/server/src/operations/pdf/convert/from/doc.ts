import { field } from '../../../fields.ts';
import { officeFields, printDocument } from '../../../office-pages.ts';
import { defineOperation } from '../../../operation.ts';

export default defineOperation({
  path: '/pdf/convert/from/doc',
  group: 'Convert to PDF',
  title: 'Document to PDF',
  about:
    'Prints a document of an office program (DOCX, DOC, RTF, ODT, TXT, PPTX, PPT, ODP, XLSX, XLS, ODS and others) by LibreOffice. Kinds are told by the bytes, not by the name: HTML, mail, CSV and pictures become pages too, a PDF stays as it is, and the files of a ZIP archive become one PDF. Nothing that a document links to is loaded, and no macro runs. A protected DOCX, XLSX or PPTX opens with `password`.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the document; or a file part named `file`.'),
    ...officeFields,
  },
  examples: [
    {
      title: 'A letter',
      request: { url: 'sample:letter.docx', name: 'result.pdf' },
      expect: { pageCount: 2, name: 'result.pdf' },
    },
    {
      title: 'Its last page',
      request: { url: 'sample:letter.docx', pages: '!0' },
      expect: { pageCount: 1 },
    },
  ],
  run: async ({ url, autosize, pages }, tools) =>
    printDocument(await tools.fetch(url), { sheet: '', fitsPages: autosize, pages }, tools),
});
