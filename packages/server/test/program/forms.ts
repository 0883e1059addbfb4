import { randomBytes } from 'node:crypto';

/** What PHP's curl extension writes for `CURLOPT_POSTFIELDS => ['file' => new CURLFile($path)]`: head and body, sent apart. */
export function phpMultipart(
  path: string,
  fields: Readonly<Record<string, string>>,
  file: { readonly path: string; readonly bytes: Uint8Array },
): { readonly head: Buffer; readonly body: Buffer } {
  const boundary = `------------------------${randomBytes(8).toString('hex')}`;
  const texts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  // A CURLFile without a type is octets, and its name is the path that it was opened by.
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.path}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(texts.join('') + part),
    file.bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: h',
    'Accept: */*',
    'x-api-key: ***',
    `Content-Length: ${body.length}`,
    `Content-Type: multipart/form-data; boundary=${boundary}`,
    'Expect: 100-continue',
    '',
    '',
  ].join('\r\n');
  return { head: Buffer.from(head), body };
}

/** What .NET's `MultipartFormDataContent` writes: a boundary in quotes, names without, the name of the file twice. */
export function dotnetMultipart(path: string, name: string, bytes: Uint8Array): Buffer {
  const boundary = '6a3d5b8c-5f0e-4c61-9f5b-0e2a4f1d7c33';
  const part = `--${boundary}\r\nContent-Type: application/pdf\r\nContent-Disposition: form-data; name=file; filename=${name}; filename*=utf-8''${name}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(part), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const head = `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary="${boundary}"\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
