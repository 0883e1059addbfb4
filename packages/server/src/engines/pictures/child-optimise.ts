import * as core from '@octavo/pdf';
import type { Files } from '../../sandbox/child.ts';
import type { OptimiseReply, OptimiseRequest } from './messages.ts';
import { inputName, resultName } from './messages.ts';

/** Makes a document smaller. */
export async function optimise(request: OptimiseRequest, files: Files): Promise<OptimiseReply> {
  const source = core.fileSource(files.input(inputName));
  try {
    const { pageCount, warnings } = core.optimise(source, core.fileSink(files.output(resultName)), {
      password: request.password,
    });
    return { pageCount, warnings: warnings.map(String) };
  } catch (error) {
    return { refused: refusalOf(error) };
  } finally {
    source.close();
  }
}

/** What is wrong with the document; everything else ends the box. */
function refusalOf(error: unknown) {
  if (error instanceof core.PdfError) return { code: error.code, input: error.input, message: error.message };
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EFBIG') return { code: 'limit', input: undefined, message: 'the result is too large' };
  throw error;
}
