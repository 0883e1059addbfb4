import type { ReadingOutput } from '../../capabilities.ts';
import { csvWriter } from './csv.ts';
import { htmlWriter } from './html.ts';
import { XlsxWorkbook } from '../../writing/xlsx.ts';
import { jsonWriter } from './json.ts';
import { runningWriter, textWriter } from './text.ts';
import { sheetWriter } from './sheet.ts';
import { XlsWorkbook } from './xls.ts';
import { xmlWriter } from './xml.ts';
import type { Writer, Writing } from './writer.ts';

/** The writer of a format: one line for each. */
export async function writerFor(output: ReadingOutput, writing: Writing): Promise<Writer> {
  switch (output.as) {
    case 'text':
      return textWriter(writing);
    case 'text-simple':
      return runningWriter(output.lineEnding, writing);
    case 'csv':
      return csvWriter(output, writing);
    case 'json':
      return jsonWriter(output, writing);
    case 'xml':
      return xmlWriter(output, writing);
    case 'html':
      return htmlWriter(output, writing);
    case 'xlsx':
      return sheetWriter(output, writing, new XlsxWorkbook(writing.out));
    case 'xls':
      return sheetWriter(output, writing, new XlsWorkbook(writing.out));
  }
}
