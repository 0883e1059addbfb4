/** Takes what a writer writes, in order. */
export interface Out {
  write(text: string | Uint8Array): void;
}
