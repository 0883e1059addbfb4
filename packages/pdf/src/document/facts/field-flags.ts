/** What sets one kind of field apart from another. */
export type FieldType =
  | 'text'
  | 'checkBox'
  | 'radioButton'
  | 'pushButton'
  | 'comboBox'
  | 'listBox'
  | 'signature'
  /** The field does not say. */
  | 'unknown';

/** Bits of /Ff by position from 1, for all fields (ISO 32000-2, table 227) and for those of one /FT (tables 229, 231, 233). */
const FLAGS: Readonly<Record<string, readonly (readonly [position: number, name: string])[]>> = {
  all: [
    [1, 'readOnly'],
    [2, 'required'],
    [3, 'noExport'],
  ],
  Tx: [
    [13, 'multiline'],
    [14, 'password'],
    [21, 'fileSelect'],
    [23, 'doNotSpellCheck'],
    [24, 'doNotScroll'],
    [25, 'comb'],
    [26, 'richText'],
  ],
  Btn: [
    [15, 'noToggleToOff'],
    [16, 'radio'],
    [17, 'pushButton'],
    [26, 'radiosInUnison'],
  ],
  Ch: [
    [18, 'combo'],
    [19, 'edit'],
    [20, 'sort'],
    [22, 'multiSelect'],
    [23, 'doNotSpellCheck'],
    [27, 'commitOnSelectionChange'],
  ],
};

/** The names of the flags that are set, as ISO 32000-2 has them but for the first letter. */
export function fieldFlags(type: string | undefined, bits: number): readonly string[] {
  const known = [...FLAGS.all!, ...(Object.hasOwn(FLAGS, type ?? '') ? FLAGS[type!]! : [])];
  return known.filter(([position]) => (bits & (1 << (position - 1))) !== 0).map(([, name]) => name);
}

/** What a field is, by its /FT and its flags. */
export function fieldType(type: string | undefined, flags: readonly string[]): FieldType {
  switch (type) {
    case 'Tx':
      return 'text';
    case 'Btn':
      return flags.includes('pushButton')
        ? 'pushButton'
        : flags.includes('radio')
          ? 'radioButton'
          : 'checkBox';
    case 'Ch':
      return flags.includes('combo') ? 'comboBox' : 'listBox';
    case 'Sig':
      return 'signature';
    default:
      return 'unknown';
  }
}
