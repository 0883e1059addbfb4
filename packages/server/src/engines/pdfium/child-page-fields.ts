import * as core from '@octavo/pdf';
import { boxOf, isRead, type Matrix, type Shown } from './child-page-place.ts';
import type { FieldValue } from './page.ts';

const kinds: Readonly<Record<core.FieldType, FieldValue['kind']>> = {
  text: 'text',
  checkBox: 'check-box',
  radioButton: 'radio-button',
  comboBox: 'combo-box',
  listBox: 'list-box',
  pushButton: 'button',
  signature: 'signature',
  unknown: 'text',
};

/** Values of fields by page, as they are shown before the settings turn the page. */
export type FieldsByPage = ReadonlyMap<number, readonly FieldValue[]>;

/**
 * Reads the fields of a document with our own core, which finds also those that PDFium does not know as the form does not name them.
 * A form that it cannot read has none.
 */
export function readFields(source: core.Source, password: string): FieldsByPage {
  const byPage = new Map<number, FieldValue[]>();
  for (const field of formOf(source, password)?.fields ?? [])
    for (const widget of field.widgets) {
      if (widget.pageIndex === undefined || widget.place === undefined || widget.isHidden) continue;
      const fields = byPage.get(widget.pageIndex) ?? [];
      fields.push(fieldValue(field, widget, widget.place));
      byPage.set(widget.pageIndex, fields);
    }
  return byPage;
}

/** What the fields of a page are after it was turned. */
export function turnedFields(fields: readonly FieldValue[], shown: Shown): FieldValue[] {
  const turn = turnOf(shown);
  return fields
    .map((field) => ({ ...field, ...boxOf(turn, field.left, field.top, field.right, field.bottom) }))
    .filter((field) => isRead(shown, field));
}

function formOf(source: core.Source, password: string): core.Form | undefined {
  try {
    return core.info(source, { password, form: true }).form;
  } catch (error) {
    if (error instanceof core.PdfError) return undefined;
    throw error;
  }
}

function fieldValue(field: core.FieldInfo, widget: core.WidgetInfo, place: core.Place): FieldValue {
  const isButton = field.type === 'checkBox' || field.type === 'radioButton';
  const values = [field.value ?? ''].flat();
  return {
    left: place.left,
    top: place.top,
    right: place.left + place.width,
    bottom: place.top + place.height,
    name: field.name,
    kind: kinds[field.type],
    value: isButton ? (widget.state ?? '') : values.join('\n'),
    isOn: widget.isOn,
    options: isButton
      ? []
      : field.options.map(({ value, label }) => ({ label, isChosen: values.includes(value) })),
  };
}

/** From the page as it is shown to the page as the settings turn it; y down. */
function turnOf({ turns, width, height }: Shown): Matrix {
  if (turns === 1) return [0, 1, -1, 0, width, 0];
  if (turns === 2) return [-1, 0, 0, -1, width, height];
  if (turns === 3) return [0, -1, 1, 0, 0, height];
  return [1, 0, 0, 1, 0, 0];
}
