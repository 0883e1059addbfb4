import type { PathStep, ReadingOutput } from '../engines/capabilities.ts';
import { type Field, field, type Values } from './fields.ts';
import { jsonPath } from './json-path.ts';
import { readingProfiles } from './reading.ts';

/** The keys of `profiles` of JSON and XML. */
export const treeProfiles = {
  ...readingProfiles,
  SaveImages: field.choice('Pictures of the pages too, as base64.', ['None', 'Embed'], 'None'),
  ImageFormat: field.choice('What these pictures are packed as.', ['PNG', 'JPEG', 'GIF', 'BMP'], 'PNG'),
  SaveVectors: field.boolean('Lines too that run along a side of the page.', false),
  OutputStructure: field.choice(
    'Of `OnlyLinks`, the links of each page stand in place of its rows.',
    ['Default', 'OnlyLinks'],
    'Default',
  ),
};

/** The same of JSON alone. */
export const jsonProfiles = { ...treeProfiles, OutputTransformation: transformation() };

type Keys = Omit<Values<typeof treeProfiles>, keyof typeof readingProfiles> & {
  readonly OutputTransformation?: readonly PathStep[];
};
type TreeOutput = Extract<ReadingOutput, { readonly as: 'json' | 'xml' }>;

export function treeOutput(as: TreeOutput['as'], form: TreeOutput['form'], keys: Keys): TreeOutput {
  return {
    as,
    form,
    pictures: keys.SaveImages === 'Embed' ? formats[keys.ImageFormat] : undefined,
    rulings: keys.SaveVectors,
    onlyLinks: keys.OutputStructure === 'OnlyLinks',
    path: keys.OutputTransformation ?? [],
  };
}

const formats = { PNG: 'png', JPEG: 'jpeg', GIF: 'gif', BMP: 'bmp' } as const;

function transformation(): Field<readonly PathStep[]> {
  const text = field.text('JSONPath of what is given instead of all, as a list: names, indices and `*`.');
  const expected = 'a JSONPath of at most 20 names, indices and *, such as $..text or $.document.page[*].row';
  return {
    ...text,
    expected,
    schema: text.schema.transform((given, { addIssue }) => {
      const path = jsonPath(given);
      if (path === undefined) addIssue(expected);
      return path ?? [];
    }),
  };
}
