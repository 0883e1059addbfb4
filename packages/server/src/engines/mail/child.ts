import { serve } from '../../sandbox/child.ts';
import { read } from './child-read.ts';
import type { MailRequest } from './messages.ts';

// Runs in a box: all that reads mail.
await serve((message, files) => read(message as MailRequest, files));
