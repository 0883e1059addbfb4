import { createHash } from 'node:crypto';
import { field } from '../../operations/fields.ts';
import { jobFields } from '../../operations/job-fields.ts';
import { defineCall } from '../call.ts';

export default defineCall({
  path: '/file/hash',
  methods: ['GET', 'POST'],
  group: 'Files',
  title: 'MD5 of a file',
  about:
    'Of a file of this server, or of one that is fetched for it and not kept. No proof against forgery: MD5 is none.',
  needsKey: true,
  fields: {
    url: field.source('Link to the file.'),
    httpusername: jobFields.httpusername,
    httppassword: jobFields.httppassword,
  },
  answer: {
    type: 'object',
    properties: {
      error: { const: false },
      status: { const: 200 },
      hash: { type: 'string', pattern: '^[0-9a-f]{32}$' },
      remainingCredits: { type: 'integer' },
    },
    required: ['error', 'status', 'hash'],
  },
  examples: [
    {
      title: 'An uploaded file',
      request: { url: 'sample:hello.txt' },
      expect: { hash: '09f7e02f1290be211da707a266f153b3' },
    },
  ],
  async handle({ url, httpusername, httppassword }, tools) {
    const reading = { field: 'url', username: httpusername, password: httppassword };
    return tools.read(url, reading, async (bytes) => {
      const md5 = createHash('md5');
      for await (const chunk of bytes) md5.update(chunk);
      return { httpStatus: 200, members: { hash: md5.digest('hex') } };
    });
  },
});
