import * as core from '@octavo/pdf';
import { serve } from '../../sandbox/child.ts';
import type { MergeReply, MergeRequest } from './messages.ts';
import { inputName, resultName } from './messages.ts';

// The only module that reads documents. It runs in a box.
await serve((message, files): MergeReply => {
  const { titles, outlines, password } = message as MergeRequest;
  const inputs = titles.map((title, index) => ({
    source: core.fileSource(files.input(inputName(index))),
    password,
    title,
  }));
  try {
    const { pageCount, warnings } = core.merge(inputs, core.fileSink(files.output(resultName)), {
      outlines,
    });
    return { pageCount, warnings: warnings.map(String) };
  } catch (error) {
    return { refused: refusalOf(error) };
  } finally {
    for (const { source } of inputs) source.close();
  }
});

/** What is wrong with the documents; everything else ends the box. */
function refusalOf(error: unknown) {
  if (error instanceof core.PdfError) return { code: error.code, input: error.input, message: error.message };
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EFBIG') return { code: 'limit', input: undefined, message: 'the result is too large' };
  throw error;
}
