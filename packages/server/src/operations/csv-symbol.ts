import { type Field, field } from './fields.ts';

/** What stands between cells of CSV, or around them. `\\t` is a tab. */
export function symbol(about: string, absent: string): Field<string> {
  const text = field.text(about);
  return {
    ...text,
    expected: '1 to 4 characters, none of them a line end',
    schema: text.schema
      .transform((given) => (given === '' ? absent : given.replaceAll('\\t', '\t')))
      .refine((given) => /^[^\r\n]{1,4}$/u.test(given)),
    wire: { type: 'string', minLength: 1, maxLength: 4, default: absent },
  };
}
