import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, ConfigError } from '../config.ts';
import { createTemplates, type Templates, templateBytesMax, templateIdMax } from '../templates/templates.ts';
import { beside } from './beside.ts';

export const templatesUsage =
  'templates list | templates add FILE.html [--title TEXT] [--description TEXT] [--id N] | templates show ID | templates remove ID';
const titleMax = 200;
const descriptionMax = 2_000;
/** Whose calls need no key: what is for all tenants is for them too. */
const open = 0;

/** Lists, brings, shows and removes HTML templates, beside a running server too: what it changes counts from the next job on. */
export async function templates(config: Config, words: readonly string[]): Promise<number> {
  const act = actionOf(words);
  return beside(config, (database) => act(createTemplates(database)));
}

type Action = (all: Templates) => Promise<number>;

function actionOf(words: readonly string[]): Action {
  const { positionals, values } = parse(words);
  const [verb, argument, ...rest] = positionals;
  const hasOptions = Object.keys(values).length > 0;
  if (rest.length === 0 && argument !== undefined) {
    const id = idOf(argument);
    if (verb === 'add') return (all) => add(all, argument, values);
    if (verb === 'show' && id !== undefined && !hasOptions) return (all) => show(all, id);
    if (verb === 'remove' && id !== undefined && !hasOptions) return (all) => remove(all, id);
  }
  if (verb === 'list' && argument === undefined && !hasOptions) return list;
  throw new ConfigError(`usage: octavo ${templatesUsage}`);
}

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { title: text, description: text, id: text },
    });
  } catch {
    throw new ConfigError(`usage: octavo ${templatesUsage}`);
  }
}

/** Undefined for what is no number of a template. */
function idOf(word: string): number | undefined {
  const id = /^\d{1,10}$/.test(word) ? Number(word) : 0;
  return id >= 1 && id <= templateIdMax ? id : undefined;
}

interface Given {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly id?: string | undefined;
}

async function add(all: Templates, file: string, given: Given): Promise<number> {
  const id = given.id === undefined ? undefined : idOf(given.id);
  if (given.id !== undefined && id === undefined)
    throw new ConfigError(`--id takes a whole number from 1 to ${templateIdMax}.`);
  const title = given.title ?? basename(file, extname(file));
  const description = given.description ?? '';
  assertText('The title', title, titleMax);
  assertText('The description', description, descriptionMax);
  const body = await readBody(file);
  const added = await all.add('html', { id, title, description, body });
  console.log(`Template ${added.id} ${added.isNew ? 'is there' : 'is replaced'}: ${title}`);
  return 0;
}

/** Throws a sentence where a file is no text that a template can be. */
async function readBody(file: string): Promise<string> {
  const { size } = await stat(file).catch(() => Promise.reject(new Error(`There is no file ${file}.`)));
  if (size > templateBytesMax)
    throw new Error(`${file} is larger than ${templateBytesMax / (1024 * 1024)} MB.`);
  const bytes = await readFile(file).catch(() => Promise.reject(new Error(`${file} cannot be read.`)));
  try {
    const body = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (body.trim() !== '' && !body.includes('\0')) return body;
  } catch {
    // Said below.
  }
  throw new Error(`${file} is no text in UTF-8, or is empty.`);
}

function assertText(what: string, text: string, lengthMax: number): void {
  if (text.length > lengthMax || /\p{Cc}/u.test(text))
    throw new Error(`${what} has to be one line of at most ${lengthMax} characters.`);
}

async function list(all: Templates): Promise<number> {
  for (const { id, type, title, description } of await all.list('html', open))
    console.log([id, type, title, description].join('\t'));
  return 0;
}

async function show(all: Templates, id: number): Promise<number> {
  const template = await all.find('html', id, open);
  if (template === null) throw new Error(`There is no template ${id}.`);
  process.stdout.write(template.body);
  return 0;
}

async function remove(all: Templates, id: number): Promise<number> {
  if (await all.remove('html', id)) {
    const shipped = await all.find('html', id, open);
    console.log(
      `Template ${id} is removed${shipped === null ? '' : ': the shipped one of this id is back'}.`,
    );
    return 0;
  }
  const shipped = await all.find('html', id, open);
  throw new Error(
    shipped === null
      ? `There is no template ${id}.`
      : `Template ${id} is shipped, and stays: add --id ${id} hides it.`,
  );
}
