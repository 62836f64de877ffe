import type { z } from 'zod';

/** What is wrong with a body, in one line. */
export function wordsOf(error: z.ZodError): string {
  const [first] = error.issues;
  if (!first) return 'The body is not valid.';
  const path = first.path.map(String).join('.');
  return path ? `${path}: ${first.message}` : first.message;
}
