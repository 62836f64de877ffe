import type { Take } from '../../src-shared/domain/take.ts';
import { readEpisode } from './read-options.ts';
import { exitCodes, type Verb } from './verb.ts';

export const takesVerb: Verb = {
  name: 'takes',
  usage: '<dir> --episode EP001',
  summary: 'the takes of an episode',
  help: [
    'JSON: [{"id", "shot", "phase", "path", "sha256", "state", "source"}]',
    'path is inside <dir>; state is unreviewed, approved or rejected; source is generated, external or override.',
  ],
  options: { episode: { type: 'string' } },
  positionals: { min: 1, max: 1 },
  async run({ input, openProject }) {
    const episodeId = readEpisode(input);
    const { services } = await openProject();
    const value = (await services.takes.ofEpisode(episodeId)).map(rowOf);
    const lines = value.map((row) => [row.id, row.phase, row.state, row.source, row.path].join('\t'));
    return { exitCode: exitCodes.done, answer: { value, lines } };
  },
};

function rowOf({ id, shotId, phase, path, sha256, review, source }: Take) {
  return { id, shot: shotId, phase, path, sha256, state: review, source };
}
