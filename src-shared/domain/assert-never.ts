/** Ends a `switch` over a union: adding a member without handling it stops compiling. */
export function assertNever(value: never, what: string): never {
  throw new Error(`Unhandled ${what}: ${JSON.stringify(value)}`);
}
