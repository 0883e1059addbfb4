import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js';

/** What a message of Outlook is made of, as far as tests need it. */
export interface MsgContent {
  readonly subject?: string;
  readonly from?: readonly [name: string, address: string];
  readonly to?: readonly (readonly [name: string, address: string])[];
  readonly cc?: readonly (readonly [name: string, address: string])[];
  readonly body?: string;
  /** Bytes in the code page that `codePage` names. */
  readonly html?: Uint8Array;
  readonly codePage?: number;
  /** Packed or stored. */
  readonly rtf?: Uint8Array;
  /** Milliseconds since 1970. */
  readonly sent?: number;
  readonly attachments?: readonly MsgAttachment[];
  /** Texts are written in this encoding, and the message names this code page. */
  readonly coded?: { readonly encode: (text: string) => Uint8Array; readonly page: number };
}

export type MsgAttachment =
  | {
      readonly name: string;
      readonly data: Uint8Array | string;
      readonly type?: string;
      readonly contentId?: string;
    }
  | { readonly message: MsgContent }
  /** One that the message holds a link to alone. */
  | { readonly linkName: string };

interface Folder {
  readonly files: Map<string, Uint8Array>;
  readonly folders: Map<string, Folder>;
}

const [text, codedText, binary, whole, time, object] = [0x1f, 0x1e, 0x102, 0x03, 0x40, 0x0d];

/** A message as Outlook keeps it (MS-OXMSG), in a compound file that the writer of msgreader makes. */
export function msgOf(content: MsgContent): Buffer {
  const entries: Entry[] = [];
  const add = (name: string, type: number, file: Uint8Array | undefined): Entry => {
    const entry: Entry = {
      name,
      type,
      length: file?.length ?? 0,
      ...(file === undefined
        ? { children: [] }
        : {
            // The writer looks at all of the memory that an array lies in.
            binaryProvider: () => new Uint8Array(file),
          }),
    };
    entries.push(entry);
    return entry;
  };
  const fill = (entry: Entry, { files, folders }: Folder): void => {
    for (const [name, file] of files) {
      entry.children?.push(entries.length);
      add(name, 2, file);
    }
    for (const [name, folder] of folders) {
      entry.children?.push(entries.length);
      fill(add(name, 1, undefined), folder);
    }
  };
  fill(add('Root Entry', 5, undefined), messageFolder(content, 32));
  return Buffer.from(burn(entries));
}

/** RTF as a message may hold it without packing (MS-OXRTFCP 2.1.3.1). */
export function storedRtf(rtf: string): Buffer {
  const data = Buffer.from(rtf, 'latin1');
  const header = Buffer.alloc(16);
  header.writeUInt32LE(data.length + 12, 0);
  header.writeUInt32LE(data.length, 4);
  header.write('MELA', 8, 'latin1');
  return Buffer.concat([header, data]);
}

function messageFolder(content: MsgContent, headerBytes: number): Folder {
  const { codePage = 0, coded } = content;
  const properties = new Properties(headerBytes, coded?.encode);
  properties.text(0x001a, 'IPM.Note');
  properties.text(0x0037, content.subject ?? '');
  if (content.from) {
    properties.text(0x0c1a, content.from[0]);
    properties.text(0x5d01, content.from[1]);
  }
  if (content.body !== undefined) properties.text(0x1000, content.body);
  if (content.html !== undefined) properties.file(0x1013, binary, content.html);
  if (content.rtf !== undefined) properties.file(0x1009, binary, content.rtf);
  if (codePage !== 0) properties.number(0x3fde, codePage);
  if (coded !== undefined) properties.number(0x3ffd, coded.page);
  if (content.sent !== undefined) properties.time(0x0039, content.sent);
  const folders = new Map<string, Folder>();
  const people = [
    ...(content.to ?? []).map((one) => [1, ...one] as const),
    ...(content.cc ?? []).map((one) => [2, ...one] as const),
  ];
  for (const [index, [kind, name, address]] of people.entries()) {
    const own = new Properties(8, coded?.encode);
    own.number(0x0c15, kind);
    own.text(0x3001, name);
    own.text(0x39fe, address);
    folders.set(`__recip_version1.0_#${numberText(index)}`, own.folder());
  }
  for (const [index, attachment] of (content.attachments ?? []).entries())
    folders.set(`__attach_version1.0_#${numberText(index)}`, attachmentFolder(attachment));
  return properties.folder(folders);
}

function attachmentFolder(attachment: MsgAttachment): Folder {
  const own = new Properties(8, undefined);
  if ('message' in attachment) {
    own.number(0x3705, 5);
    own.text(0x3001, attachment.message.subject ?? '');
    const name = streamName(0x3701, object);
    return own.folder(new Map([[name, messageFolder(attachment.message, 24)]]));
  }
  if ('linkName' in attachment) {
    own.number(0x3705, 4);
    own.text(0x3707, attachment.linkName);
    return own.folder();
  }
  own.number(0x3705, 1);
  own.text(0x3707, attachment.name);
  if (attachment.type !== undefined) own.text(0x370e, attachment.type);
  if (attachment.contentId !== undefined) own.text(0x3712, attachment.contentId);
  own.file(0x3701, binary, Buffer.from(attachment.data));
  return own.folder();
}

class Properties {
  readonly #files = new Map<string, Uint8Array>();
  readonly #list: Buffer[];
  readonly #encode: ((text: string) => Uint8Array) | undefined;

  constructor(headerBytes: number, encode: ((text: string) => Uint8Array) | undefined) {
    this.#list = [Buffer.alloc(headerBytes)];
    this.#encode = encode;
  }

  text(id: number, value: string): void {
    if (this.#encode === undefined) this.file(id, text, Buffer.from(value, 'utf16le'));
    else this.file(id, codedText, this.#encode(value));
  }

  number(id: number, value: number): void {
    this.#add(id, whole, (entry) => entry.writeUInt32LE(value, 8));
  }

  time(id: number, value: number): void {
    this.#add(id, time, (entry) => entry.writeBigUInt64LE(BigInt(value + 11_644_473_600_000) * 10_000n, 8));
  }

  file(id: number, type: number, data: Uint8Array): void {
    this.#add(id, type, (entry) => entry.writeUInt32LE(data.length, 8));
    this.#files.set(streamName(id, type), data);
  }

  folder(folders: Map<string, Folder> = new Map()): Folder {
    const files = new Map([...this.#files, ['__properties_version1.0', Buffer.concat(this.#list)] as const]);
    return { files, folders };
  }

  #add(id: number, type: number, write: (entry: Buffer) => void): void {
    const entry = Buffer.alloc(16);
    entry.writeUInt16LE(type, 0);
    entry.writeUInt16LE(id, 2);
    entry.writeUInt32LE(6, 4);
    write(entry);
    this.#list.push(entry);
  }
}

function streamName(id: number, type: number): string {
  const digits = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');
  return `__substg1.0_${digits(id)}${digits(type)}`;
}

function numberText(index: number): string {
  return index.toString(16).toUpperCase().padStart(8, '0');
}
