import { deflateSync } from 'node:zlib';
import { buildPdf, bytes, type StreamText } from '../../../pdf/test/builder.ts';
import { makeFace, type Face, type FaceName } from './faces.ts';

/** How a text is written. */
export interface TextStyle {
  readonly face?: FaceName;
  /** Points. */
  readonly size?: number;
  /** Which part of the text stands at x; `decimal`: its point, or its end where it has none. */
  readonly align?: 'left' | 'right' | 'center' | 'decimal';
  /** Red, green and blue from 0 to 1. */
  readonly color?: string;
  /** Points between letters, and at blanks besides. */
  readonly letterSpacing?: number;
  readonly wordSpacing?: number;
  /** Text rendering mode (ISO 32000-2, 9.3.6). */
  readonly mode?: number;
  /** Degrees counter-clockwise. */
  readonly angle?: number;
  /** Of those who read it no word of this is expected. */
  readonly isNoise?: boolean;
}

export interface LineStyle {
  /** Points. */
  readonly thickness?: number;
  readonly color?: string;
  /** Points on and off. */
  readonly dash?: string;
  /** As a filled rectangle and not as a stroke, as office programs write borders. */
  readonly asRectangle?: boolean;
}

/** A document that is being drawn. */
export class Drawing {
  readonly sheets: Sheet[] = [];
  /** Entries of the catalog. */
  catalog = '';
  private readonly faces = new Map<FaceName, Face>();
  /** Objects besides pages and fonts, such as form XObjects, with numbers that are known at once. */
  private readonly more = new Map<number, string | StreamText>();

  /** Points; `entries` of the page's dictionary. */
  page(width = 595, height = 842, entries = ''): Sheet {
    const sheet = new Sheet(this, width, height, entries);
    this.sheets.push(sheet);
    return sheet;
  }

  face(name: FaceName): Face {
    const known = this.faces.get(name);
    if (known !== undefined) return known;
    const face = makeFace(name);
    this.faces.set(name, face);
    return face;
  }

  /** The number of an object that the document holds besides. */
  add(object: string | StreamText): number {
    const number = 1000 + this.more.size;
    this.more.set(number, object);
    return number;
  }

  /** A form XObject with the fonts of the document; drawn with `/X<number> Do`. */
  form(sheet: Sheet): number {
    return this.add({
      dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 ${sheet.width} ${sheet.height}] /Resources 3 0 R`,
      data: sheet.content,
    });
  }

  /** What has been written so far, in the order in which it was. */
  get text(): string {
    return this.sheets.map((sheet) => sheet.text).join('\n');
  }

  bytes(): Uint8Array {
    const objects: Record<number, string | StreamText> = {
      1: `<< /Type /Catalog /Pages 2 0 R ${this.catalog} >>`,
    };
    let next = 10;
    const fonts: string[] = [];
    for (const [name, face] of this.faces) {
      fonts.push(`/${name} ${next} 0 R`);
      for (const object of face.objects(next)) objects[next++] = object;
    }
    const forms = [...this.more.keys()].map((number) => `/X${number} ${number} 0 R`);
    objects[3] = `<< /Font << ${fonts.join(' ')} >> /XObject << ${forms.join(' ')} >> >>`;
    for (const [number, object] of this.more) objects[number] = object;
    next = Math.max(next, 1000 + this.more.size);
    const kids: string[] = [];
    for (const sheet of this.sheets) {
      kids.push(`${next} 0 R`);
      objects[next] =
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${sheet.width} ${sheet.height}] /Resources 3 0 R ` +
        `/Contents ${next + 1} 0 R ${sheet.entries} >>`;
      objects[next + 1] = { dictionary: '/Filter /FlateDecode', data: deflateSync(bytes(sheet.content)) };
      next += 2;
    }
    objects[2] = `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${kids.length} >>`;
    return buildPdf(objects);
  }
}

/** A page; x goes right and y down from its upper left corner, in points. */
export class Sheet {
  readonly width: number;
  readonly height: number;
  entries: string;
  private readonly document: Drawing;
  private readonly operators: string[] = [];
  private readonly texts: string[] = [];

  constructor(document: Drawing, width: number, height: number, entries: string) {
    this.document = document;
    this.width = width;
    this.height = height;
    this.entries = entries;
  }

  get content(): string {
    return this.operators.join('\n');
  }

  get text(): string {
    return this.texts.join('\n');
  }

  /** Width of a text in points. */
  measure(
    text: string,
    { face = 'sans', size = 10, letterSpacing = 0, wordSpacing = 0 }: TextStyle = {},
  ): number {
    const blanks = text.split(' ').length - 1;
    return (
      (this.document.face(face).code(text).width / 1000) * size +
      text.length * letterSpacing +
      blanks * wordSpacing
    );
  }

  /** Writes a line whose baseline is at y; says where it ends. */
  write(x: number, y: number, text: string, style: TextStyle = {}): number {
    const { face = 'sans', size = 10, align = 'left', color = '0 0 0', mode = 0, angle = 0 } = style;
    const { letterSpacing = 0, wordSpacing = 0, isNoise = false } = style;
    if (text === '') return x;
    const start = x - this.before(text, align, style);
    const turn = (angle * Math.PI) / 180;
    const matrix = [Math.cos(turn), Math.sin(turn), -Math.sin(turn), Math.cos(turn), start, this.height - y];
    const spacing = `${letterSpacing} Tc ${wordSpacing} Tw ${mode} Tr`;
    const { hex } = this.document.face(face).code(text);
    this.draw(
      `BT /${face} ${size} Tf ${color} rg ${spacing} ${matrix.map(decimal).join(' ')} Tm <${hex}> Tj ET`,
    );
    if (!isNoise) this.texts.push(text);
    return start + this.measure(text, style);
  }

  /** Says what was drawn otherwise. */
  says(text: string): void {
    this.texts.push(text);
  }

  line(x1: number, y1: number, x2: number, y2: number, style: LineStyle = {}): void {
    const { thickness = 0.5, color = '0 0 0', dash = '', asRectangle = false } = style;
    if (asRectangle) {
      this.box(x1, y1, Math.max(x2 - x1, thickness), Math.max(y2 - y1, thickness), color);
      return;
    }
    const [from, to] = [
      `${decimal(x1)} ${decimal(this.height - y1)}`,
      `${decimal(x2)} ${decimal(this.height - y2)}`,
    ];
    this.draw(`${color} RG ${thickness} w [${dash}] 0 d ${from} m ${to} l S`);
  }

  /** A filled rectangle. */
  box(x: number, y: number, width: number, height: number, color: string): void {
    this.draw(`${color} rg ${this.rectangle(x, y, width, height)} f`);
  }

  frame(x: number, y: number, width: number, height: number, thickness = 0.5): void {
    this.draw(`0 0 0 RG ${thickness} w [] 0 d ${this.rectangle(x, y, width, height)} S`);
  }

  /** Operators as they are. */
  draw(operators: string): void {
    this.operators.push(operators);
  }

  private rectangle(x: number, y: number, width: number, height: number): string {
    return `${decimal(x)} ${decimal(this.height - y - height)} ${decimal(width)} ${decimal(height)} re`;
  }

  /** How much of a text stands before its place. */
  private before(text: string, align: string, style: TextStyle): number {
    if (align === 'left') return 0;
    if (align === 'center') return this.measure(text, style) / 2;
    const point = align === 'decimal' ? text.lastIndexOf('.') : -1;
    return this.measure(point === -1 ? text : text.slice(0, point), style);
  }
}

/** A number as content streams write it, without an exponent. */
function decimal(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
