import { field } from '../../operations/fields.ts';
import { defineCall } from '../call.ts';
import { answerStored, uploadAnswer } from './uploaded.ts';

export default defineCall({
  path: '/file/upload',
  methods: ['POST'],
  group: 'Files',
  title: 'Store a file',
  about:
    'Takes a file as a part of a multipart form, whatever the part is called, or as the body itself. Of several parts each is stored: `url` is the first, `urls` are all.',
  needsKey: true,
  fields: {
    file: field.uploads('The file.'),
    name: field.text(
      'File name, which becomes the last part of the link; that of the part where it is absent.',
    ),
    expiration: field.expiration('Minutes that the file is kept'),
  },
  answer: uploadAnswer,
  examples: [
    { title: 'One part', request: { file: 'part:one-page.pdf' }, expect: { name: 'one-page.pdf' } },
    {
      title: 'With a name of its own',
      request: { file: 'part:one-page.pdf', name: 'invoice.pdf' },
      expect: { name: 'invoice.pdf' },
    },
  ],
  async handle({ file: parts, name, expiration }, tools) {
    const minutes = tools.keptMinutes(expiration);
    const [first, ...others] = parts;
    const keep = async (part: (typeof parts)[number], asked: string) => ({
      link: await tools.keep(part, minutes),
      name: asked || part.name,
    });
    const stored = await keep(first, name);
    const rest = [];
    for (const part of others) rest.push(await keep(part, ''));
    return answerStored(tools, stored, rest);
  },
});
