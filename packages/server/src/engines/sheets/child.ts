import { serve } from '../../sandbox/child.ts';
import { fromCsv } from './child-from-csv.ts';
import { readSheets } from './child-read.ts';
import type { SheetsRequest } from './messages.ts';

// Runs in a box: all that reads workbooks and tables.
await serve((message, files) => {
  const request = message as SheetsRequest;
  switch (request.does) {
    case 'read':
      return readSheets(request, files);
    case 'from-csv':
      return fromCsv(files);
  }
});
