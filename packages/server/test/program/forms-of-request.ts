/** Sends fields as clients do: `query` by GET, `DELETE` so too, all else by POST; what the path names in braces goes there. */
export function sendAs(
  form: string,
  pattern: string,
  all: readonly [string, string | File][],
  key: string,
): Promise<Response> {
  const inPath = ([name]: readonly [string, unknown]) => pattern.includes(`{${name}}`);
  const link = all
    .filter(inPath)
    .reduce((url, [name, value]) => url.replace(`{${name}}`, String(value)), pattern);
  const values = all.filter((one) => !inPath(one));
  const texts = values as [string, string][];
  const headers = { 'x-api-key': key };
  const post = (body: string | URLSearchParams | FormData) => fetch(link, { method: 'POST', headers, body });
  if (form === 'query') return fetch(`${link}?${new URLSearchParams(texts)}`, { headers });
  if (form === 'DELETE') return fetch(`${link}?${new URLSearchParams(texts)}`, { method: form, headers });
  if (form === 'JSON') return post(JSON.stringify(Object.fromEntries(texts)));
  if (form === 'form') return post(new URLSearchParams(texts));
  const body = new FormData();
  for (const [name, value] of values) body.append(name, value);
  return post(body);
}
