/** A reference to an indirect object (ISO 32000-2, 7.3.10). */
export class PdfReference {
  readonly number: number;
  readonly generation: number;

  constructor(number: number, generation: number) {
    this.number = number;
    this.generation = generation;
  }
}

/** A reference in terms of the file that is being written, among objects that are in terms of the old one. */
export class NewReference extends PdfReference {
  constructor(number: number) {
    // No object of the old file has this generation.
    super(number, -1);
  }
}
