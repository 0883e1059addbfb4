import { serve } from '../../sandbox/child.ts';
import { refusalOf } from '../../sandbox/refusal.ts';
import { convert } from './child-convert.ts';
import { startOffice, Stuck } from './child-soffice.ts';
import { findInstallation } from './installation.ts';
import type { OfficeReply, OfficeRequest } from './messages.ts';

// Runs in a box: the office program waits in it before the document comes, as its start takes longer than most documents do.
const installation = findInstallation();
if (installation === undefined) throw new Error('LibreOffice is not there any more.');
const office = await startOffice(installation);

await serve(async (message, files): Promise<OfficeReply> => {
  try {
    return await convert(message as OfficeRequest, files, office, installation);
  } catch (error) {
    if (error instanceof Stuck) return { stuck: error.message };
    return { refused: refusalOf(error) };
  }
});
