import { Failure } from '../errors.ts';
import { codeOf, StorageError } from './failed.ts';

/** Where files lie in S3: OCTAVO_STORAGE, read. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
  /** Of another server than Amazon's. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
}

interface Answered {
  readonly name: string;
  readonly status: number | undefined;
  /** The region in which the bucket lies, where the server says so. */
  readonly region: string | undefined;
}

const transientNames = new Set([
  'BadDigest',
  'ConditionalRequestConflict',
  'IncompleteBody',
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  // The client corrects its clock by the answer, so that the next attempt may pass.
  'RequestTimeTooSkewed',
  'ServiceUnavailable',
  'SlowDown',
  'TimeoutError',
  'XAmzContentSHA256Mismatch',
]);
const networkCodes = new Set(
  'ECONNRESET ECONNREFUSED ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN ERR_STREAM_PREMATURE_CLOSE'.split(
    ' ',
  ),
);

/** Whether another attempt may pass. */
export function isTransient(error: unknown): boolean {
  const { name, status } = answerOf(error);
  if (transientNames.has(name) || networkCodes.has(codeOf(error) ?? '')) return true;
  // A good head and a body that cannot be read: it was cut.
  return status !== undefined && (status >= 500 || status === 429 || status < 300);
}

/** Whether the server says that there is no such object, none with the tag that it was asked for, or no such upload. */
export function isMissing(error: unknown): boolean {
  const { name, status } = answerOf(error);
  if (name === 'NoSuchKey' || name === 'NoSuchUpload') return true;
  return status === 412 || (name === 'NotFound' && status === 404);
}

/** Says what an operator can do about an error of the client or the server; what is not one passes through. */
export function explainS3(error: unknown, { bucket, endpoint, region }: S3Location): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const where = `the bucket ${bucket}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  const sentence = sentenceOf(error, region);
  return sentence === undefined
    ? error
    : new StorageError(`Files cannot be stored in ${where}. ${sentence}`, { cause: error });
}

const policy =
  's3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload and s3:ListMultipartUploadParts on its objects, and s3:ListBucket and s3:ListBucketMultipartUploads on itself';
const credentials =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another source of the standard chain of the AWS SDK';

function sentenceOf(error: Error, region: string | undefined): string | undefined {
  const answer = answerOf(error);
  switch (answer.name) {
    case 'NoSuchBucket':
      return `There is no such bucket: make it, or name another one in OCTAVO_STORAGE.`;
    case 'InvalidBucketName':
      return 'That is no name of a bucket: correct OCTAVO_STORAGE.';
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return wrongRegion(answer, region);
    case 'AccessDenied':
    case 'AllAccessDisabled':
    case 'Forbidden':
      return `The server refuses access: the policy of the credentials has to allow ${policy}.`;
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'InvalidToken':
    case 'ExpiredToken':
      return `The server does not know the credentials (${answer.name}). ${credentials}.`;
    case 'CredentialsProviderError':
      return `No credentials were found. ${credentials}.`;
    case 'RequestTimeTooSkewed':
      return 'The clock of this machine differs too much from that of the server: set it, for example by NTP.';
    case 'QuotaExceeded':
      return 'The quota of the bucket is used up: raise it.';
  }
  const code = codeOf(error) ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'The name of the server cannot be looked up: correct endpoint= or region= in OCTAVO_STORAGE.';
  if (code === 'ECONNREFUSED')
    return 'Nobody listens there: correct endpoint= in OCTAVO_STORAGE, or start the server.';
  if (/CERT|SELF_SIGNED|ERR_TLS|ERR_SSL/.test(code))
    return `Its certificate is not trusted (${code}): set NODE_EXTRA_CA_CERTS to its authority.`;
  if (answer.status === 301) return wrongRegion(answer, region);
  if (answer.status === 403)
    return `The server refuses access: the policy of the credentials has to allow ${policy}.`;
  // The text of HEAD has no name for it.
  if (answer.status === 404) return 'It answered 404: is endpoint= of OCTAVO_STORAGE an S3 server?';
  if (/region is missing/i.test(error.message)) return 'Add region= to OCTAVO_STORAGE.';
  if (answer.status !== undefined) return `The server answered ${answer.status} ${answer.name}.`;
  if (isTransient(error)) return `The server does not answer: ${code === '' ? answer.name : code}.`;
  return undefined;
}

function wrongRegion({ region: right }: Answered, region: string | undefined): string {
  const now = region === undefined ? '' : `, not in ${region}`;
  return right === undefined
    ? `It lies in another region${now}: correct region= in OCTAVO_STORAGE.`
    : `It lies in the region ${right}${now}: set region=${right} in OCTAVO_STORAGE.`;
}

/** What the server said, of an error of the client. */
function answerOf(error: unknown): Answered {
  if (!(error instanceof Error)) return { name: '', status: undefined, region: undefined };
  const { $metadata, $response, Region } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
    readonly Region?: string;
  };
  return {
    name: error.name,
    status: $metadata?.httpStatusCode ?? undefined,
    region: Region ?? $response?.headers?.['x-amz-bucket-region'],
  };
}
