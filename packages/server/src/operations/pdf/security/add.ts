import { field } from '../../fields.ts';
import { defineOperation } from '../../operation.ts';

const methods = {
  RC4_40bit: 'rc4-40',
  RC4_128bit: 'rc4-128',
  AES_128bit: 'aes-128',
  AES_256bit: 'aes-256',
} as const;

export default defineOperation({
  path: '/pdf/security/add',
  group: 'Security',
  title: 'Protect a PDF with passwords and limits',
  about:
    'Encrypts a document. What users may do is asked of readers, who may not heed it. `password` opens a document that is encrypted already.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the PDF; or a file part named `file`.'),
    ownerPassword: {
      ...field.text('Password of the owner, who may do anything.'),
      required: true,
      expected: 'the password that lifts the limits',
    },
    userPassword: field.text('Password to open the document; anybody can open it where it is empty.'),
    encryptionAlgorithm: field.choice(
      'The RC4 ones are for old readers: they are broken.',
      ['AES_128bit', 'AES_256bit', 'RC4_128bit', 'RC4_40bit'],
      'AES_128bit',
    ),
    allowPrintDocument: field.boolean('Whether users may print.', false),
    allowModifyDocument: field.boolean('Whether they may change the content.', false),
    allowContentExtraction: field.boolean('Whether they may copy text and pictures.', false),
    allowModifyAnnotations: field.boolean('Whether they may change notes.', false),
    allowFillForms: field.boolean('Whether they may fill in fields and sign.', false),
    allowAccessibilitySupport: field.boolean('Whether screen readers may read it.', false),
    allowAssemblyDocument: field.boolean('Whether they may insert, turn and delete pages.', false),
    printQuality: field.choice(
      'How well they may print, where they may.',
      ['HighResolution', 'LowResolution'],
      'HighResolution',
    ),
  },
  examples: [
    {
      title: 'To be opened with a password, and printed',
      request: {
        url: 'sample:one-page.pdf',
        ownerPassword: '12345',
        userPassword: '54321',
        allowPrintDocument: 'true',
      },
      expect: { pageCount: 1 },
    },
  ],
  async run({ url, ...asked }, { fetch, engine }) {
    const permissions = {
      print: asked.allowPrintDocument,
      printHighQuality: asked.allowPrintDocument && asked.printQuality === 'HighResolution',
      modify: asked.allowModifyDocument,
      extract: asked.allowContentExtraction,
      annotate: asked.allowModifyAnnotations,
      fillForms: asked.allowFillForms,
      accessibility: asked.allowAccessibilitySupport,
      assemble: asked.allowAssemblyDocument,
    };
    const { userPassword, ownerPassword, encryptionAlgorithm } = asked;
    const encryption = { method: methods[encryptionAlgorithm], userPassword, ownerPassword, permissions };
    return engine('pdf.encrypt', { document: await fetch(url), encryption });
  },
});
