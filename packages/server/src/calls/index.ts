import type { Call } from './call.ts';
import getPresignedUrl from './file/upload/get-presigned-url.ts';
import health from './health.ts';
import jobCheck from './job/check.ts';
import version from './version.ts';

/** Every call, one line each. */
export const calls: readonly Call[] = [getPresignedUrl, jobCheck, health, version];
