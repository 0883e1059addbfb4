/**
 * Fields as they came: lower-case names without `[]`, each with all values that were sent for it, the body's in place of the
 * query's. A value is text, a JSON value, or a part that was uploaded with the call. Empty texts are left out: they mean "absent".
 */
export type RawFields = ReadonlyMap<string, readonly RawValue[]>;
export type RawValue = string | number | boolean | object | UploadedPart;

/** A file part of a multipart body, stored as an upload before the call is looked at. */
export class UploadedPart {
  /** Token of the upload. */
  readonly token: string;
  /** File name that the client gave, hostile text. */
  readonly name: string;
  constructor(token: string, name: string) {
    this.token = token;
    this.name = name;
  }
}

/** Where an input comes from: a link as the client wrote it, or a part of the call. */
export type Source =
  | { readonly kind: 'link'; readonly link: string }
  | { readonly kind: 'part'; readonly token: string; readonly name: string };

/** The fields of every job, which operations never see. */
export interface JobFields {
  readonly async: boolean;
  /** Name of the result as the client gave it; empty means that the server chooses. */
  readonly name: string;
  readonly password: string;
  readonly expirationMinutes: number;
  readonly callback: string;
  readonly httpUsername: string;
  readonly httpPassword: string;
}
