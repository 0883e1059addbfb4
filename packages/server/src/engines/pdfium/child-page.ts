import type { ReadingSettings } from '../capabilities.ts';
import type { OpenDocument } from './child-document.ts';
import { readAnnotationText } from './child-page-annotations.ts';
import { turnedFields } from './child-page-fields.ts';
import { type Text, readText } from './child-page-glyphs.ts';
import { type Drawing, readDrawing } from './child-page-objects.ts';
import { Layers } from './child-page-layers.ts';
import { readLinks } from './child-page-links.ts';
import { boxOf, type Shown, shownOf } from './child-page-place.ts';
import { Styles } from './child-page-style.ts';
import type { Pdfium } from './child-pdfium.ts';
import { packPicture } from './child-picture.ts';
import type { FieldValue, Link, Page, Picture } from './page.ts';
import type { OpenPage, PackedPicture, PictureFormat } from './writers/writer.ts';

/** Glyphs of one page: more are left out. */
const glyphsMax = 500_000;

/** A page that PDFium has open. What nobody asks for is not read; what was read stays when it is closed. */
export class OpenedPage implements Page, OpenPage {
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly #pdfium: Pdfium;
  readonly #document: OpenDocument;
  readonly #handle: number;
  readonly #settings: ReadingSettings;
  readonly #shown: Shown;
  readonly #styles: Styles;
  readonly #layers: Layers;
  #text: Text | undefined;
  #drawing: Drawing | undefined;
  #links: readonly Link[] | undefined;
  #fields: readonly FieldValue[] | undefined;

  constructor(
    pdfium: Pdfium,
    document: OpenDocument,
    handle: number,
    index: number,
    settings: ReadingSettings,
  ) {
    this.#pdfium = pdfium;
    this.#document = document;
    this.#handle = handle;
    this.#settings = settings;
    this.#shown = shownOf(pdfium, handle, settings);
    this.#styles = new Styles(pdfium, this.#shown);
    this.#layers = new Layers(pdfium, document.hiddenLayers);
    this.index = index;
    this.width = this.#shown.width;
    this.height = this.#shown.height;
  }

  get glyphs() {
    return this.#read().glyphs;
  }
  get styles() {
    this.#read();
    return this.#styles.all;
  }
  get rulings() {
    return this.#draw().rulings;
  }
  get fills() {
    return this.#draw().fills;
  }
  get pictures() {
    return this.#draw().pictures;
  }

  get links() {
    this.#links ??= readLinks(this.#pdfium, this.#document.handle, this.#handle, this.#shown);
    return this.#links;
  }
  get fields() {
    this.#fields ??= this.#settings.annotations
      ? turnedFields(this.#document.fields().get(this.index) ?? [], this.#shown)
      : [];
    return this.#fields;
  }

  async picture(picture: Picture, as: PictureFormat): Promise<PackedPicture | undefined> {
    const image = this.#draw().images[picture.id];
    if (image === undefined) return undefined;
    const whole = boxOf(image.matrix, 0, 0, 1, 1);
    const [wide, high] = [whole.right - whole.left, whole.bottom - whole.top];
    const { pixelWidth, pixelHeight } = picture;
    const seen = {
      left: (picture.left - whole.left) / wide,
      top: (picture.top - whole.top) / high,
      right: (picture.right - whole.left) / wide,
      bottom: (picture.bottom - whole.top) / high,
    };
    const place = { document: this.#document.handle, page: this.#handle, pixelWidth, pixelHeight };
    return packPicture(this.#pdfium, { ...image, ...place, seen }, as);
  }
  /** Whether there was more on the page than was read, as far as it was read. */
  get isCut() {
    return this.#text?.isCut === true || this.#drawing?.isCut === true;
  }
  /** Whether the document does not say what all glyphs stand for, as far as they were read. */
  get hasUnknown() {
    return this.#text?.hasUnknown === true;
  }

  /** Whether it is a scan or the like; not asked of a part of a page. */
  get isOnlyPictures() {
    if (this.#settings.area !== undefined) return false;
    return this.glyphs.every(({ text }) => text.trim() === '') && this.pictures.length > 0;
  }

  #read(): Text {
    this.#text ??= this.#readAll();
    return this.#text;
  }

  #readAll(): Text {
    const reading = {
      shown: this.#shown,
      styles: this.#styles,
      layers: this.#layers,
      settings: this.#settings,
      glyphsMax,
    };
    const own = readText(this.#pdfium, this.#handle, reading);
    if (!this.#settings.annotations) return own;
    this.#styles.forgetFonts();
    const more = readAnnotationText(this.#pdfium, this.#document, this.#handle, this.index, reading);
    if (more === undefined) return own;
    return {
      glyphs: [...own.glyphs, ...more.glyphs],
      isCut: own.isCut || more.isCut,
      hasUnknown: own.hasUnknown || more.hasUnknown,
    };
  }

  #draw(): Drawing {
    this.#drawing ??= readDrawing(this.#pdfium, this.#handle, this.#shown, this.#layers);
    return this.#drawing;
  }
}
