// Where things are in the repository. Scripts may be started from any folder, so nothing here asks for the current one.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The absolute path of something in the repository.
 * @param {...string} parts
 */
export function inRoot(...parts) {
  return join(root, ...parts);
}
