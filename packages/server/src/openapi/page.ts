import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the API page, served as it is. */
export interface PageFile {
  readonly path: string;
  readonly contentType: string;
  readonly load: () => Promise<string | Buffer>;
}

const require = createRequire(import.meta.url);

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Octavo API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;
const start = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#page', deepLinking: true, validatorUrl: null });\n`;

/** The API page: Swagger UI from its npm package, with nothing fetched from elsewhere. Paths are relative, so that a proxy may add a prefix. */
export const pageFiles: readonly PageFile[] = [
  { path: '/docs', contentType: 'text/html; charset=utf-8', load: async () => html },
  { path: '/docs/start.js', contentType: 'text/javascript; charset=utf-8', load: async () => start },
  asset('swagger-ui.css', 'text/css; charset=utf-8'),
  asset('swagger-ui-bundle.js', 'text/javascript; charset=utf-8'),
];

function asset(name: string, contentType: string): PageFile {
  const directory = join(require.resolve('swagger-ui-dist/package.json'), '..');
  return { path: `/docs/${name}`, contentType, load: () => readFile(join(directory, name)) };
}
