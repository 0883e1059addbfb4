import { type webcrypto, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}
export interface LocalCertificate extends ServerCertificate {
  /** File of the authority, which clients have to trust: `REQUESTS_CA_BUNDLE`, `NODE_EXTRA_CA_CERTS`, `curl --cacert`. */
  readonly authorityFile: string;
}

const dayMs = 24 * 60 * 60 * 1000;
const validDays = 825;
const renewDays = 30;

/**
 * A certificate for localhost, 127.0.0.1 and ::1, signed by an authority of its own; both are made in `directory` when they are
 * missing or end within 30 days. The authority's key is thrown away once it has signed: whoever trusts the authority trusts
 * this one certificate and nothing else.
 */
export async function localCertificate(directory: string, nowMs: number): Promise<LocalCertificate> {
  const authorityFile = join(directory, 'authority.pem');
  const names = { key: join(directory, 'localhost.key.pem'), cert: join(directory, 'localhost.pem') };
  const kept = await readPair(names).catch(() => undefined);
  if (kept !== undefined && Date.parse(new X509Certificate(kept.cert).validTo) > nowMs + renewDays * dayMs) {
    return { ...kept, authorityFile };
  }
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const made = await makeChain(nowMs);
  await writeFile(authorityFile, made.authority, { mode: 0o644 });
  await writeFile(names.key, made.key, { mode: 0o600 });
  await chmod(names.key, 0o600);
  // The certificate is written last: while it is missing the whole chain is made anew.
  await writeFile(names.cert, made.cert, { mode: 0o644 });
  return { key: made.key, cert: made.cert, authorityFile };
}

/** Reads `cert.pem,key.pem`. Throws an Error whose message an operator can act on. */
export async function givenCertificate(setting: string): Promise<ServerCertificate> {
  const [cert, key, ...rest] = setting.split(',').map((file) => file.trim());
  if (!cert || !key || rest.length > 0)
    throw new Error('OCTAVO_TLS takes off, local, or two files: cert.pem,key.pem');
  return readPair({ cert, key });
}

async function readPair(files: { readonly key: string; readonly cert: string }): Promise<ServerCertificate> {
  const [key, cert] = await Promise.all([readFile(files.key, 'utf8'), readFile(files.cert, 'utf8')]);
  return { key, cert };
}

async function makeChain(nowMs: number): Promise<ServerCertificate & { readonly authority: string }> {
  // Loaded here alone: most servers never make a certificate, and the library is large.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const newKeys = () =>
    crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const validity = { notBefore: new Date(nowMs - dayMs), notAfter: new Date(nowMs + validDays * dayMs) };
  const authorityKeys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Octavo local authority',
    keys: authorityKeys,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const keys = await newKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    subject: 'CN=localhost',
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  return { authority: authority.toString('pem'), cert: leaf.toString('pem'), key };
}
