import type { ProjectSnapshot } from '../../src-shared/api/projects-contract.ts';
import { committedMicroUsd } from '../../src-shared/domain/batch.ts';
import { formatUsd } from '../../src-shared/domain/money.ts';
import { type Phase, phases } from '../../src-shared/domain/phase.ts';
import { lineStatePhrases, phasePhrases, phraseOfBatch, statePhrases } from '../../src-shared/phrases.ts';
import { exitCodes, type Verb } from './verb.ts';

/** Said before anything else of a rehearsal. */
export const rehearsalLine = 'REHEARSAL: nothing is spent, the takes are made by the simulator or on this machine.';

export const statusVerb: Verb = {
  name: 'status',
  usage: '<dir>',
  summary: 'how a production is going',
  help: [
    'JSON: {"project", "lineState", "spend", "episodes": [{"id", "title", "shots", "phases"}], "batches", "problems"}',
  ],
  options: {},
  positionals: { min: 1, max: 1 },
  async run({ openProject }) {
    const { services } = await openProject();
    const first = await services.snapshot();
    const episodes = [];
    for (const { id, title } of first.project.episodes) {
      const snapshot = id === first.episodeId ? first : await services.snapshot(id);
      episodes.push({ id, title, shots: snapshot.shots.length, phases: countPhases(snapshot) });
    }
    const { slug, title, rehearsal } = first.project;
    const { lineState, spend, batches, problems } = first;
    const value = {
      project: { slug, title, ...(rehearsal ? { rehearsal } : {}) },
      lineState,
      spend,
      episodes,
      batches,
      problems,
    };
    return { exitCode: exitCodes.done, answer: { value, lines: describe(value) } };
  },
};

type PhaseCounts = Record<Phase, Record<string, number>>;

interface Status extends Pick<ProjectSnapshot, 'lineState' | 'spend' | 'batches' | 'problems'> {
  project: { slug: string; title: string; rehearsal?: boolean };
  episodes: { id: string; title: string; shots: number; phases: PhaseCounts }[];
}

/** Shots of each phase by production state. */
function countPhases(snapshot: ProjectSnapshot): PhaseCounts {
  const counts: PhaseCounts = { previs: {}, keyframe: {}, video: {} };
  for (const shot of snapshot.shots) {
    for (const phase of phases) {
      const { state } = shot.phases[phase];
      counts[phase][state] = (counts[phase][state] ?? 0) + 1;
    }
  }
  return counts;
}

function describe({ project, lineState, spend, episodes, batches, problems }: Status): string[] {
  const spent = `${formatUsd(committedMicroUsd(spend))} of ${formatUsd(spend.capMicroUsd)}`;
  const lines = [`${project.title} (${project.slug}) · line ${lineStatePhrases[lineState]} · ${spent}`];
  for (const episode of episodes) {
    lines.push(`${episode.id} ${episode.title} · ${episode.shots} shots`);
    for (const phase of phases) {
      const counts = Object.entries(episode.phases[phase]);
      const text = counts.map(([state, count]) => `${count} ${statePhrases[state as keyof typeof statePhrases]}`);
      lines.push(`  ${phasePhrases[phase].padEnd(9)} ${text.join(', ')}`);
    }
  }
  for (const batch of batches.filter(({ status }) => status !== 'complete')) {
    lines.push(`${batch.id} · ${phraseOfBatch(batch)}`);
  }
  for (const problem of problems) lines.push(`${problem.severity}: ${problem.message}`);
  return lines;
}
