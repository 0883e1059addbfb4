import { field } from '../../fields.ts';
import { defineOperation } from '../../operation.ts';
import { fieldsOf, infoOf } from '../../document-facts.ts';

export default defineOperation({
  path: '/pdf/info/fields',
  group: 'Information and search',
  title: 'Facts about a PDF, with its form fields',
  about:
    'As `/pdf/info`, and each field of the form, once for each place where it is shown: pages count from 1, points from the upper left corner.',
  makes: 'json',
  answers: { member: 'info' },
  fields: { url: field.source('Link to the PDF; or a file part named `file`.') },
  examples: [
    {
      title: 'A form with one field',
      request: { url: 'sample:form.pdf' },
      expect: {
        info: {
          PageCount: 1,
          FieldsInfo: { Fields: [{ PageIndex: 1, Type: 'EditBox', FieldName: 'name' }] },
        },
      },
    },
  ],
  async run({ url }, { fetch, engine }) {
    const { facts, warnings } = await engine('pdf.info', { document: await fetch(url) });
    return { body: { ...infoOf(facts), FieldsInfo: { Fields: fieldsOf(facts) } }, warnings };
  },
});
