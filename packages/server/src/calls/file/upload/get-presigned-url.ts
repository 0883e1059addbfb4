import { Failure, limitText } from '../../../errors.ts';
import { newUpload } from '../../../jobs/files.ts';
import { label, wholeMinutes } from '../../../links/links.ts';
import { field } from '../../../operations/fields.ts';
import { defineCall } from '../../call.ts';
import { shownName } from '../uploaded.ts';

const minuteMs = 60_000;
const typeForm = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}(?:\s*;[\x20-\x7e]{0,200})?$/;

/**
 * Asks for nothing but the clock and the secret of the links: no row is written, so this works whatever happens to the database. Links of
 * storage itself are made by those rules too, but for keys that have a quota.
 */
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
    contenttype: field.text(
      'Type that the client means to send; any is taken, but where a server sends uploads straight to its bucket: then this one, or `application/octet-stream` where it is absent.',
    ),
    contentlength: {
      ...field.integer(
        'Length of the file in bytes. A server that sends uploads straight to its bucket does so for those alone whose length it knows; then exactly that many have to come. Also called `size`.',
        { min: 0, max: Number.MAX_SAFE_INTEGER, absent: 0 },
      ),
      alsoNamed: ['size'],
    },
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
  async handle({ name, expiration, contenttype, contentlength }, tools) {
    if (contentlength > tools.uploadBytesMax)
      throw new Failure('uploadTooLarge', { limit: limitText(tools.uploadBytesMax) });
    const now = tools.clock.now();
    const fileMs = tools.keptMinutes(expiration) * minuteMs;
    const link = newUpload(tools.tenant, now + fileMs);
    const putUntil = wholeMinutes(now + Math.min(tools.uploadLinkMinutes * minuteMs, fileMs));
    const last = label(name, 'file');
    // A link that does not say how many bytes it takes would take any number.
    const direct =
      tools.directUploads && contentlength > 0
        ? await tools.files.uploadLink(link, {
            until: putUntil,
            contentType: typeOf(contenttype),
            sizeBytes: contentlength,
            // By this it is known as a source, too; as a target for our own PUT it is none.
            end: `files/${tools.links.file(link)}/${last}`,
          })
        : null;
    return {
      httpStatus: 200,
      members: {
        presignedUrl: direct ?? tools.linkTo('upload', tools.links.upload(link, putUntil), last),
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

/** It becomes a header that is signed. */
function typeOf(contentType: string): string {
  const type = contentType.trim() || 'application/octet-stream';
  if (typeForm.test(type)) return type;
  const expected = 'a media type, such as application/pdf';
  throw new Failure('fieldInvalid', { field: 'contenttype', expected });
}
