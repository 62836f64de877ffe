// What the scripts tell a person. All of it goes to stderr: stdout belongs to the program that a script starts.

/**
 * Prints one line for the person at the terminal.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A set-up step that cannot go on. The message says what to do; no stack is shown. */
export class SetupError extends Error {}

/**
 * Runs a script's main function: its number becomes the exit code, a SetupError becomes a plain message and code 1.
 * @param {() => Promise<number>} main
 */
export async function runScript(main) {
  // A reader that has seen enough (`… | head`) closes the pipe; that is no failure of ours.
  process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`\n${error.message}`);
    process.exitCode = 1;
  }
}
