import { field } from '../../../operations/fields.ts';
import { jobFields } from '../../../operations/job-fields.ts';
import { defineCall } from '../../call.ts';
import { answerStored, uploadAnswer } from '../uploaded.ts';

export default defineCall({
  path: '/file/upload/url',
  methods: ['GET', 'POST'],
  group: 'Files',
  title: 'Store a file from a link',
  about: 'Fetches a file once and keeps it. How large it may be and how long that may take, settings say.',
  needsKey: true,
  fields: {
    url: field.source('Link to the file, `http` or `https`, or one of this server: then its file is copied.'),
    name: field.text(
      'File name, which becomes the last part of the new link; that of the source where it is absent.',
    ),
    httpusername: jobFields.httpusername,
    httppassword: jobFields.httppassword,
    expiration: field.expiration('Minutes that the file is kept'),
  },
  answer: uploadAnswer,
  examples: [
    {
      title: 'A copy under another name',
      request: { url: 'sample:one-page.pdf', name: 'copy.pdf' },
      expect: { name: 'copy.pdf' },
    },
  ],
  async handle({ url, name, httpusername, httppassword, expiration }, tools) {
    const minutes = tools.keptMinutes(expiration);
    const reading = { field: 'url', username: httpusername, password: httppassword };
    return tools.read(url, reading, async (bytes, given) => {
      const link = await tools.store(bytes, minutes);
      return answerStored(tools, { link, name: name || given });
    });
  },
});
