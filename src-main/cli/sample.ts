import { copySample } from '../shell/sample-production.ts';
import { exitCodes, type Verb } from './verb.ts';

export const sampleVerb: Verb = {
  name: 'sample',
  usage: '<dir>',
  summary: 'copy the sample production into a folder',
  help: ['<dir> must be empty or not exist yet.', 'JSON: {"path"}'],
  options: {},
  positionals: { min: 1, max: 1 },
  async run({ input }) {
    const path = await copySample(input.positionals[0] ?? '');
    return { exitCode: exitCodes.done, answer: { value: { path }, lines: [`The sample production is in ${path}`] } };
  },
};
