import { readEpisode } from './read-options.ts';
import { exitCodes, type Verb } from './verb.ts';

export const exportVerb: Verb = {
  name: 'export',
  usage: '<dir> --episode EP001',
  summary: 'write manifests and selects of an episode again',
  help: ['JSON: {"manifestPath", "manifestJsonlPath", "selectsPath", "takes", "selects"}; paths are inside <dir>.'],
  options: { episode: { type: 'string' } },
  positionals: { min: 1, max: 1 },
  async run({ input, openProject, stop }) {
    const episodeId = readEpisode(input);
    const { services } = await openProject();
    const value = await services.handoff.exportEpisode(episodeId, stop);
    const lines = [`${value.takes} takes in ${value.manifestPath}`, `${value.selects} selects in ${value.selectsPath}`];
    return { exitCode: exitCodes.done, answer: { value, lines } };
  },
};
