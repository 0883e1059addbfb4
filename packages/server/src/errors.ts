/**
 * The one table of what a client may be told. A thrown Failure is a row of it; everything else that is thrown is a bug and
 * leaves as `internal`. `says` may hold {places} that are filled when it is thrown; `about` goes into the documentation.
 */
export const failures = {
  fieldMissing: row(
    400,
    'The field "{field}" is missing: {expected}.',
    'A field that the operation needs was not sent.',
  ),
  fieldInvalid: row(400, 'The field "{field}" is not valid: {expected}.', 'A value does not fit its field.'),
  bodyInvalid: row(
    400,
    'The body of the request cannot be read: {reason}.',
    'The body is neither JSON, nor a form, nor multipart, or is cut off.',
  ),
  sourceUnreachable: row(
    400,
    'The file behind a link in "{field}" could not be fetched: {reason}.',
    'A foreign source answered with an error, too slowly (OCTAVO_FETCH_MAX_SECONDS), or not at all.',
  ),
  keyRefused: row(
    401,
    'A valid API key is needed in the header x-api-key.',
    'No key, an unknown one or a revoked one.',
  ),
  quotaReached: row(
    402,
    'The quota of this API key is used up: delete files, or wait until some have expired.',
    'The files of the key, uploads and results together, are as many or as large as `octavo keys quota` lets them be.',
  ),
  creditsUsedUp: row(
    402,
    'The credits of this API key are used up: whoever runs this server can give it more.',
    'Jobs of the key, with those that have not ended, cost as much as `octavo keys credits` lets them; it gives the key more.',
  ),
  adminKeyNeeded: row(
    403,
    'This call needs the key of an admin.',
    'A key that is good for other calls. `octavo keys create --admin` makes one.',
  ),
  sourceRefused: row(
    403,
    'A link in "{field}" points to an address that this server does not fetch from.',
    'Private, loopback and unlisted addresses, and schemes other than http and https.',
  ),
  uploadLinkInvalid: row(403, 'This upload link is not valid.', 'Forged, cut or changed upload link.'),
  uploadLinkExpired: row(
    403,
    'This upload link has expired: ask for a new one.',
    'The PUT came after the lifetime of the link.',
  ),
  pathUnknown: row(
    404,
    'There is no such call: see /docs for the list.',
    'No operation or call has this path.',
  ),
  fileUnknown: row(
    404,
    'There is no such file, or it has expired, or its job has not ended yet.',
    'A download link that stands for nothing (any more, or yet).',
  ),
  linkUnknown: row(
    404,
    'A link in "{field}" stands for no file of this server: it is not known, has expired, or was never uploaded to.',
    'A source link of our own form without a file.',
  ),
  deliveryUnknown: row(
    404,
    'There is no such delivery that could be sent again: it was heard, has expired, or is being sent.',
    'An id that is none of /admin/deliveries.',
  ),
  jobUnknown: row(
    404,
    'There is no such job: it is not known, or has expired.',
    'An id that belongs to no job of this API key, or not any more.',
  ),
  templateNotFound: row(
    404,
    'There is no such template: there are {ids}.',
    'A number that no stored template has.',
  ),
  methodUnknown: row(405, 'This path takes {methods}.', 'The path exists, the method does not.'),
  jobCancelled: row(
    409,
    'The job was cancelled.',
    'Somebody with the same API key ended the job by `DELETE /jobs/ID`.',
  ),
  keyJobExpired: row(
    410,
    'The job of this Idempotency-Key has expired with its result: send the call with a new key to run it again.',
    'A call was repeated within a day, but after the time that its result was kept for (`expiration`).',
  ),
  uploadTooLarge: row(
    413,
    'The file is larger than {limit}, the most that this server takes.',
    'An upload, a part or a download passed its limit (OCTAVO_UPLOAD_MAX_MB).',
  ),
  textTooLarge: row(
    413,
    'The text of the request is larger than {limit}, the most that this server reads: send files as parts of a multipart form.',
    'All fields together, or JSON, or a form; also base64 (OCTAVO_TEXT_MAX_MB).',
  ),
  queryTooLong: row(
    414,
    'The query is too long: send the fields in the body of a POST.',
    'The request line passed the limit of the HTTP parser.',
  ),
  rangeUnsatisfiable: row(
    416,
    'The range asked for lies outside of the file.',
    'A Range header that fits nothing.',
  ),
  keyReused: row(
    422,
    'This Idempotency-Key was sent with another call before: each call needs a key of its own.',
    'A key stands for one operation, its fields and the bytes of its files, for a day.',
  ),
  overloaded: row(
    429,
    'Too many jobs are waiting: try again in a moment.',
    'The queue has reached its limit. Comes with Retry-After.',
  ),
  newPasswordInvalid: row(
    400,
    'The document cannot be protected by this password: {reason}.',
    'ownerPassword or userPassword has characters that the kind of encryption cannot express, or is too long.',
  ),
  passwordWrong: row(
    441,
    'The document is protected, and the password is missing or wrong.',
    'An encrypted document that the given password does not open.',
  ),
  decryptionFailed: row(
    441,
    'A source cannot be decrypted: DataDecryptionAlgorithm, DataDecryptionKey and DataDecryptionIV of "profiles" do not fit it.',
    'A source that was not encrypted at all, or by something else.',
  ),
  documentDamaged: row(
    442,
    'The document {place}is not a PDF, or is damaged beyond repair.',
    'Another kind of file, an empty one, or one with no page left.',
  ),
  pictureDamaged: row(
    442,
    'The picture {place}is damaged.',
    'A picture that was cut off, or that no reader understands.',
  ),
  archiveRefused: row(
    442,
    'The archive {place}is not taken: {reason}.',
    'A ZIP archive that is damaged, is too large, or holds what is encrypted, a link, another archive, or a name twice.',
  ),
  kindRefused: row(
    442,
    'The file {place}is not taken: {reason}.',
    'A file of a kind that the operation does not take. Kinds are told by what is in a file, and by its name only where that does not tell.',
  ),
  officeRefused: row(
    442,
    'The file {place}cannot be read by the office program: {reason}.',
    'A document (Word, Excel, PowerPoint, OpenDocument, RTF and others) that LibreOffice does not open, or breaks down over.',
  ),
  workbookRefused: row(
    442,
    'The workbook {place}cannot be read: {reason}.',
    'Another kind of file, or a workbook (XLSX, XLSM, XLSB, XLS, ODS, CSV and others) that is empty or damaged.',
  ),
  mailDamaged: row(
    442,
    'The message {place}is not an e-mail (EML, MSG), or is damaged.',
    'Another kind of file, or one of Outlook that was cut off. A message of the internet is taken in almost any condition.',
  ),
  documentTooComplex: row(
    442,
    'The document {place}passes a limit of this server: {reason}.',
    'Too many objects, pages, levels or decoded bytes, or too much memory.',
  ),
  extractionForbidden: row(
    443,
    'The document forbids that its text is taken from it: send the password of its owner.',
    'A protected document without the permission to extract, opened without its owner password. The profile key CheckPermissions can be switched off.',
  ),
  abilityMissing: row(
    501,
    'This server cannot do that yet: {what}.',
    'A call or a value that is known, and that nothing here can do.',
  ),
  profilesInvalid: row(
    444,
    'The field "profiles" is not valid: {reason}.',
    'profiles that are no JSON, not even a relaxed one; or a value in them that does not fit its key. Keys that are not known are warnings.',
  ),
  tookTooLong: row(
    445,
    'The job takes longer than {limit}: call with async=true and ask job/check.',
    'A synchronous call passed the time limit. The job goes on.',
  ),
  jobTooLong: row(445, 'The job was ended after {limit}.', 'A job passed its own time limit.'),
  templateUnknown: row(
    447,
    'The field "templateId" names no stored template: there are {ids}.',
    'A number that no stored template has when the job runs. GET /templates/html lists them.',
  ),
  templateFailed: row(
    447,
    'The template cannot be filled in: {reason}.',
    'What Handlebars says of an HTML template, or of what its helpers did.',
  ),
  pageUnreachable: row(
    448,
    'The page cannot be opened: {reason}.',
    'A link whose page answered with an error, is no page, or did not come in time (renderTimeout).',
  ),
  pageUnknown: row(
    449,
    'The field "pages" names a page that is not there: {reason}.',
    'A page outside of the document; the message says which there are.',
  ),
  sheetUnknown: row(
    449,
    'The field "worksheetIndex" names a sheet that is not there: {reason}.',
    'A number or a name that no sheet of the workbook has; the message says which there are.',
  ),
  pagesInvalid: row(
    450,
    'The field "pages" is not valid: {reason}.',
    'A page range that cannot be read, or that leaves no page.',
  ),
  linkInvalid: row(452, 'A link in "{field}" is not a valid http or https link.', 'Text that is no link.'),
  linkHoldsUser: row(
    452,
    'A link in "{field}" holds a user name or a password: for sources, send them as httpusername and httppassword.',
    'Links end up in logs and rows, where no password belongs.',
  ),
  internal: row(
    500,
    'The server made a mistake: quote the request id {request} when you report it.',
    'A bug. The log has the details under the request id.',
  ),
  fileDamaged: row(
    500,
    'The file is damaged in the storage of the server: send it again.',
    'Stored bytes are not the ones that were stored. The log names the file; wrong bytes are never sent.',
  ),
  boxDied: row(
    500,
    'The document could not be processed: its process ended {times} times.',
    'The box of the job died on each try.',
  ),
  databaseDown: row(
    503,
    'The database does not answer at the moment: try again.',
    'The database is starting, stalled or gone. Comes with Retry-After.',
  ),
  storageDown: row(
    503,
    'Files cannot be stored at the moment: try again.',
    'The disk is full, gone or not writable; the log says which. Comes with Retry-After.',
  ),
  storageFull: row(
    503,
    'The server has no room for more files at the moment: try again later.',
    'Little space is left on the disk (OCTAVO_DISK_FREE_MB): uploads and jobs are refused, reads go on. Comes with Retry-After.',
  ),
  stopping: row(
    503,
    'The server is stopping: try again in a moment.',
    'A call during shutdown. Comes with Retry-After.',
  ),
} as const satisfies Record<string, FailureRow>;

export interface FailureRow {
  /** HTTP status and `status` of the body. */
  readonly status: number;
  readonly says: string;
  readonly about: string;
}
export type FailureName = keyof typeof failures;

/** What a client may be told: a row of the table, with its places filled. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly row: FailureName;
  readonly status: number;
  /** For the log alone: what an operator needs and a client must not see. */
  readonly detail: string | undefined;

  constructor(
    name: FailureName,
    places: Readonly<Record<string, string | number>> = {},
    options: { detail?: string; cause?: unknown } = {},
  ) {
    super(
      failures[name].says.replaceAll(/\{(\w+)\}/g, (_, place: string) => String(places[place] ?? '')),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.row = name;
    this.status = failures[name].status;
    this.detail = options.detail;
  }

  /** The same of a part of a job, which its message begins with. */
  within(place: string): Failure {
    const failure = new Failure(this.row, {}, { ...(this.detail && { detail: this.detail }), cause: this });
    failure.message = `${place}: ${this.message}`;
    return failure;
  }
}

function row(status: number, says: string, about: string): FailureRow {
  return { status, says, about };
}

/** A limit of bytes as a client reads it. */
export function limitText(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / (1024 * 1024))} MB` : `${bytes} bytes`;
}

const nameLengthMax = 80;

/** Which file, for the sentence of a failure: `2 ("b.pdf") `, its name hostile text. */
export function placeText({ name, number }: { readonly name: string; readonly number?: number }): string {
  const label = clean(name, nameLengthMax);
  return `${number === undefined ? '' : `${number} `}${label === '' ? '' : `("${label}") `}`;
}

/** Hostile text, fit for a sentence: no control or format characters, no quotes, no more than `lengthMax`. */
export function clean(text: string, lengthMax: number): string {
  const plain = text
    .toWellFormed()
    .replaceAll(/[\p{C}\p{Z}"]+/gu, ' ')
    .trim();
  return [...plain].slice(0, lengthMax).join('');
}
