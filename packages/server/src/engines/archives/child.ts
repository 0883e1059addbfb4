import { serve } from '../../sandbox/child.ts';
import { unpack } from './child-unpack.ts';
import type { UnpackRequest } from './messages.ts';

// Runs in a box: all that reads archives.
await serve((message, files) => unpack(message as UnpackRequest, files));
