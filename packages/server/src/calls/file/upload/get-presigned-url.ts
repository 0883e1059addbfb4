import { newUpload } from '../../../jobs/files.ts';
import { label, wholeMinutes } from '../../../links/links.ts';
import { field } from '../../../operations/fields.ts';
import { defineCall } from '../../call.ts';
import { shownName } from '../uploaded.ts';

const minuteMs = 60_000;

/** Asks for nothing but the clock and the secret of the links: no row is written, so this works whatever happens to the database. */
export default defineCall({
  path: '/file/upload/get-presigned-url',
  methods: ['GET', 'POST'],
  group: 'Files',
  title: 'Ask for a link to upload to',
  about:
    'PUT the bytes of a file to `presignedUrl`, then name `url` as the source of an operation. Neither needs an API key.',
  needsKey: true,
  fields: {
    name: field.text('File name, which becomes the last part of both links.'),
    contenttype: field.text('Type that the client means to send; any type is taken.'),
    expiration: field.expiration('Minutes that the uploaded file is kept'),
  },
  answer: {
    type: 'object',
    properties: {
      error: { const: false },
      status: { const: 200 },
      presignedUrl: { type: 'string', format: 'uri', description: 'PUT the bytes here.' },
      url: { type: 'string', format: 'uri', description: 'The uploaded file, as a source for operations.' },
      name: { type: 'string' },
      remainingCredits: { type: 'integer' },
    },
    required: ['error', 'status', 'presignedUrl', 'url', 'name'],
  },
  async handle({ name, expiration }, tools) {
    const now = tools.clock.now();
    const fileMs = tools.keptMinutes(expiration) * minuteMs;
    const link = newUpload(tools.tenant, now + fileMs);
    const putUntil = wholeMinutes(now + Math.min(tools.uploadLinkMinutes * minuteMs, fileMs));
    const last = label(name, 'file');
    return {
      httpStatus: 200,
      members: {
        presignedUrl: tools.linkTo('upload', tools.links.upload(link, putUntil), last),
        url: tools.linkTo('files', tools.links.file(link), last),
        name: shownName(name) || last,
      },
    };
  },
  examples: [
    {
      title: 'A link for one PDF',
      request: { name: 'sample.pdf', contenttype: 'application/pdf' },
      expect: { name: 'sample.pdf' },
    },
  ],
});
