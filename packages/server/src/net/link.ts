import { Failure } from '../errors.ts';

/**
 * Gives the URL of a link in this field; one without a scheme is meant as https. What is looked at and dialled is this URL, and
 * its text is never read again. Throws `linkInvalid`, `linkHoldsUser` and `sourceRefused`.
 */
export function readLink(link: string, field: string): URL {
  const text = link.trim();
  const url = URL.parse(
    /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text.replace(/^\/\//, '')}`,
  );
  if (url === null) throw new Failure('linkInvalid', { field });
  if (!isWeb(url)) throw new Failure('sourceRefused', { field }, { detail: `the scheme ${url.protocol}` });
  if (hasUser(url)) throw new Failure('linkHoldsUser', { field });
  return url;
}

/** Whether it is one of the two schemes that are spoken. */
export function isWeb(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

/** The name or address that a link leads to, as the URL parser wrote it: every spelling of an address has become the usual one. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Whether a user name or a password stands in it. */
export function hasUser(url: URL): boolean {
  return url.username !== '' || url.password !== '';
}

/** The header of HTTP basic authentication; none where both are empty. */
export function basic(user: string, password: string): Readonly<Record<string, string>> {
  if (user === '' && password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
