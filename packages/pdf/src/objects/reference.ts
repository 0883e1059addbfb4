/** A reference to an indirect object (ISO 32000-2, 7.3.10). */
export class PdfReference {
  readonly number: number;
  readonly generation: number;

  constructor(number: number, generation: number) {
    this.number = number;
    this.generation = generation;
  }
}
