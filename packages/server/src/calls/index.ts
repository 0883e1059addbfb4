import accountCreditBalance from './account/credit/balance.ts';
import adminDeliveries from './admin/deliveries.ts';
import adminDeliveriesResend from './admin/deliveries/resend.ts';
import type { Call } from './call.ts';
import fileDelete from './file/delete.ts';
import fileHash from './file/hash.ts';
import fileUpload from './file/upload.ts';
import fileUploadBase64 from './file/upload/base64.ts';
import getPresignedUrl from './file/upload/get-presigned-url.ts';
import fileUploadUrl from './file/upload/url.ts';
import health from './health.ts';
import jobCheck from './job/check.ts';
import job from './jobs/jobid.ts';
import templatesHtml from './templates/html.ts';
import templatesHtmlId from './templates/html/id.ts';
import version from './version.ts';

/** Every call, one line each. */
export const calls: readonly Call[] = [
  fileUpload,
  fileUploadBase64,
  fileUploadUrl,
  getPresignedUrl,
  fileHash,
  fileDelete,
  jobCheck,
  job,
  templatesHtml,
  templatesHtmlId,
  accountCreditBalance,
  health,
  version,
  adminDeliveries,
  adminDeliveriesResend,
];
