import { Failure } from '../../../errors.ts';
import { field } from '../../../operations/fields.ts';
import { idsText, templateIdMax } from '../../../templates/templates.ts';
import { defineCall } from '../../call.ts';
import { templateMembers } from '../html.ts';

export default defineCall({
  path: '/templates/html/{id}',
  methods: ['GET'],
  group: 'System',
  title: 'One stored HTML template',
  about:
    'A template with its HTML in `body`, in which Handlebars, and `[[barcode: TYPE value ]]`, have places.',
  needsKey: true,
  fields: {
    id: {
      ...field.integer('What the list says.', { min: 1, max: templateIdMax, absent: 1 }),
      required: true,
    },
  },
  answer: {
    type: 'object',
    properties: { ...templateMembers, body: { type: 'string', description: 'HTML.' } },
    required: [...Object.keys(templateMembers), 'body'],
  },
  examples: [
    {
      title: 'The invoice',
      request: { id: '1' },
      expect: { id: 1, type: 'system', title: 'Invoice' },
    },
  ],
  async handle({ id }, { templates, tenant }) {
    const template = await templates.find('html', id, tenant);
    if (template === null)
      throw new Failure('templateNotFound', { ids: idsText(await templates.list('html', tenant)) });
    return { httpStatus: 200, members: { ...template } };
  },
});
