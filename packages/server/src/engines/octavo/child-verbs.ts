import { writeFileSync } from 'node:fs';
import * as core from '@octavo/pdf';
import type { Files } from '../../sandbox/child.ts';
import {
  factsName,
  inputName,
  type OctavoReply,
  type OctavoRequest,
  type Part,
  partName,
  partsMax,
  type RequestOf,
  resultName,
} from './messages.ts';

type Done = Exclude<OctavoReply, { readonly refused: unknown }>;

/** Does what is asked. Throws PdfError, and errors of the system. */
export function answer(request: OctavoRequest, files: Files): Done {
  switch (request.does) {
    case 'merge':
      return merge(request, files);
    case 'split':
      return split(request, files);
    case 'delete-pages':
      return arrange(request, files, (count) => {
        const gone = core.parsePageRanges(request.pages, count, 1, core.defaultLimits.pagesMax);
        return core.deletePages(core.allPages(count), gone);
      });
    case 'keep-pages':
      return arrange(request, files, (count) => {
        const kept = new Set(core.parsePageRanges(request.pages, count, 0, core.defaultLimits.pagesMax));
        return core.allPages(count).filter((_, index) => kept.has(index));
      });
    case 'rotate-pages':
      return arrange(request, files, (count) => {
        const turned = core.parsePageRanges(request.pages, count, 0, core.defaultLimits.pagesMax);
        return core.rotatePages(core.allPages(count), turned, request.angle);
      });
    case 'encrypt':
      return withInput(files, (source) =>
        core.encrypt(source, result(files), { ...request.encryption, password: request.password }),
      );
    case 'decrypt':
      return withInput(files, (source) => core.decrypt(source, result(files), request));
    case 'info':
      return info(request, files);
    case 'attachments':
      return attachments(request, files);
    case 'attach':
      return attach(request, files);
  }
}

function merge({ titles, outlines, password }: RequestOf<'merge'>, files: Files): Done {
  const inputs = titles.map((title, index) => ({
    source: core.fileSource(files.input(inputName(index))),
    password,
    title,
  }));
  try {
    return told(core.merge(inputs, result(files), { outlines }));
  } finally {
    for (const { source } of inputs) source.close();
  }
}

function split({ pages: text, password }: RequestOf<'split'>, files: Files): Done {
  const parts: Part[] = [];
  const lists = (count: number) =>
    text.split(',').flatMap((item) => {
      const ofItem = core.splitRanges(item, count);
      if (parts.length + ofItem.length > partsMax)
        throw new core.PdfError('limit', `It would become more than ${partsMax} files.`);
      for (const list of ofItem) parts.push({ as: partName(parts.length), name: partLabel(item, list) });
      return ofItem;
    });
  const sink = (index: number) => core.fileSink(files.output(partName(index)));
  return withInput(files, (source) => {
    const { pageCount, warnings } = core.split(source, lists, sink, { password });
    return { pageCount, warnings, parts };
  });
}

/** `page1-2` or `page3-`, as the item says, where that names the pages; else `page4` or `page4-2` by the pages themselves. */
function partLabel(item: string, chosen: readonly number[]): string {
  const plain = item.replaceAll(/\s/g, '');
  if (/^\d+(?:-\d*)?$/.test(plain)) return `page${plain}`;
  const [first = 0, last = 0] = [chosen[0], chosen.at(-1)];
  return first === last ? `page${first + 1}` : `page${first + 1}-${last + 1}`;
}

function arrange(
  { password }: { readonly password: string },
  files: Files,
  list: (count: number) => core.PagePlace[],
): Done {
  return withInput(files, (source) =>
    core.pages([{ source, password }], ([count = 0]) => list(count), result(files)),
  );
}

function info({ password }: RequestOf<'info'>, files: Files): Done {
  return withInput(files, (source) => {
    const facts = core.info(source, {
      password,
      form: true,
      bookmarks: true,
      attachments: true,
      scripts: true,
    });
    writeFileSync(files.output(factsName), JSON.stringify(facts));
    return facts;
  });
}

function attachments({ password }: RequestOf<'attachments'>, files: Files): Done {
  return withInput(files, (source) => {
    const sink = (_: unknown, index: number) => core.fileSink(files.output(partName(index)));
    const { attachments: all, pageCount, warnings } = core.attachments(source, { password, sink });
    const parts = all.flatMap(({ name, written }, index) =>
      written === undefined ? [] : [{ as: partName(index), name }],
    );
    return { pageCount, warnings, parts };
  });
}

function attach({ files: attached, password }: RequestOf<'attach'>, files: Files): Done {
  const given = attached.map(({ name, mediaType, modified }, index) => ({
    source: core.fileSource(files.input(inputName(index + 1))),
    name,
    mediaType,
    modified: modified === undefined ? undefined : new Date(modified),
  }));
  return withInput(files, (source) => core.attach(source, given, result(files), { password }));
}

function withInput(files: Files, verb: (source: core.Source) => Made): Done {
  const source = core.fileSource(files.input(inputName(0)));
  try {
    return told(verb(source));
  } finally {
    source.close();
  }
}

function result(files: Files): core.Sink {
  return core.fileSink(files.output(resultName));
}

interface Made {
  readonly pageCount: number;
  readonly warnings: readonly string[];
  readonly parts?: readonly Part[];
}

function told({ pageCount, warnings, parts }: Made): Done {
  return { pageCount, warnings, ...(parts === undefined ? {} : { parts }) };
}
