// Where things are in the repository. Scripts may be started from any folder, so the paths do not depend on the current one.
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

/** The folder where the person stands. npm starts scripts in the repository and says in INIT_CWD where it was called. */
export function callerFolder() {
  const startedInRoot = join(process.cwd(), '.') === join(root, '.');
  return (startedInRoot && process.env.INIT_CWD) || process.cwd();
}
