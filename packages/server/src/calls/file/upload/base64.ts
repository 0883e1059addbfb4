import { field } from '../../../operations/fields.ts';
import { defineCall } from '../../call.ts';
import { answerStored, uploadAnswer } from '../uploaded.ts';

export default defineCall({
  path: '/file/upload/base64',
  methods: ['POST'],
  group: 'Files',
  title: 'Store a file from base64 text',
  about:
    'A text in JSON or in a form is held in memory while it is read, and its size is limited for that; a part of a multipart form may be as large as any upload.',
  needsKey: true,
  fields: {
    file: field.base64('Base64, in the usual or in the URL-safe alphabet, or a data URI that holds it.'),
    name: field.text('File name, which becomes the last part of the link.'),
    expiration: field.expiration('Minutes that the file is kept'),
  },
  answer: uploadAnswer,
  examples: [
    {
      title: 'A data URI',
      request: { file: 'base64:one-page.pdf' },
      expect: { name: 'file.pdf' },
    },
    {
      title: 'Bare base64 of the text "Hello."',
      request: { file: 'SGVsbG8u', name: 'hello.txt' },
      expect: { name: 'hello.txt' },
    },
  ],
  async handle({ file: part, name, expiration }, tools) {
    const link = await tools.keep(part, tools.keptMinutes(expiration));
    return answerStored(tools, { link, name: name || part.name });
  },
});
