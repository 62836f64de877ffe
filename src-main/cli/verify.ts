import { verifyPhrases } from '../../src-shared/phrases.ts';
import { exitCodes, type Verb } from './verb.ts';

export const verifyVerb: Verb = {
  name: 'verify',
  usage: '<dir>',
  summary: 'hash every take and every reference again',
  help: [
    `Exit code ${exitCodes.mismatch} when a file has changed or is missing.`,
    'JSON: {"checked", "matches", "changed", "missing", "files": [those that do not match]}',
  ],
  options: {},
  positionals: { min: 1, max: 1 },
  async run({ openProject, say, stop }) {
    const { services } = await openProject();
    const files = await services.takes.verifyAll((file) => {
      if (file.result !== 'matches') say(`${verifyPhrases[file.result]}: ${file.path}`);
    }, stop);
    const count = (result: string) => files.filter((file) => file.result === result).length;
    const [matches, changed, missing] = [count('matches'), count('changed'), count('missing')];
    const wrong = files.filter((file) => file.result !== 'matches');
    const value = { checked: files.length, matches, changed, missing, files: wrong };
    const lines = [`${matches} of ${files.length} files match; ${changed} changed, ${missing} missing.`];
    return { exitCode: wrong.length > 0 ? exitCodes.mismatch : exitCodes.done, answer: { value, lines } };
  },
};
