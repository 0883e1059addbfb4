import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Refused } from '../../sandbox/refusal.ts';
import { Declined } from './child-protocol.ts';
import type { Tab } from './child-tab.ts';

const link = 'http://template.invalid/';
const blank = { link, type: 'text/html; charset=utf-8', bytes: Buffer.from('<!doctype html>') };

/** Text of a template of Handlebars with data in its places. Throws Refused with what Handlebars says. */
export async function fill(tab: Tab, template: string, data: unknown, msMax: number): Promise<string> {
  await tab.go(link, { served: blank, isOnline: false }, msMax);
  const library = readFileSync(
    fileURLToPath(import.meta.resolve('handlebars/dist/handlebars.min.js')),
    'utf8',
  );
  try {
    await tab.evaluate(`${library};0`, msMax);
    const filled = await tab.evaluate(
      `(${fillIn})(${JSON.stringify(template)},${JSON.stringify(data)})`,
      msMax,
    );
    const { text, error } = filled as { readonly text?: unknown; readonly error?: unknown };
    if (typeof text === 'string') return text;
    throw new Declined(firstLines(String(error)));
  } catch (error) {
    if (error instanceof Declined) throw new Refused('template', error.message);
    throw error;
  } finally {
    // What its scripts asked for ends with it, before the next page may ask for anything.
    await tab.go('about:blank', { isOnline: false }, msMax);
  }
}

/** Handlebars shows the place of a mistake in lines of its own. */
function firstLines(says: string): string {
  return says.split('\n').slice(0, 3).join(' ');
}

declare const Handlebars: { compile(template: string): (data: unknown) => string };

/**
 * Runs in the page, on its own. Scripts that speak of Handlebars are run before the template is read, as they bring its helpers, and stand
 * in the result as they were; one that cannot run yet is left for the page.
 */
function fillIn(template: string, data: unknown): { text: string } | { error: string } {
  const mark = `handlebars-${Math.random().toString(36).slice(2)}-`;
  const scripts: string[] = [];
  const plain = template.replaceAll(
    /<script\b([^>]*)>([^]*?)<\/script\s*>/gi,
    (all: string, attributes: string, text: string) => {
      if (/\bsrc\s*=/i.test(attributes) || !/\bHandlebars\s*\./.test(text)) return all;
      try {
        // oxlint-disable-next-line no-eval -- the page is where scripts of templates run
        (0, eval)(text);
      } catch {
        // What it needed is in the page alone.
      }
      return mark + (scripts.push(all) - 1) + ';';
    },
  );
  try {
    const filled = Handlebars.compile(plain)(data);
    const each = new RegExp(`${mark}(\\d+);`, 'g');
    return { text: filled.replaceAll(each, (_: string, index: string) => scripts[Number(index)] ?? '') };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
