/** Where ids and seeds come from; tests give fixed ones. */
export interface IdSource {
  /** `<prefix>_<16 hex digits>` */
  newId(prefix: string): string;
  /** eight hex digits, for batch ids */
  shortHex(): string;
  randomSeed(): number;
}
