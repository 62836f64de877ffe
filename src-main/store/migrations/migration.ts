/** One step from a schema version to the next; never changed once it has shipped. */
export interface Migration {
  /** the version that the database has after it */
  readonly version: number;
  readonly sql: string;
}
