/** Fills the world: takes, gate results, decisions, a broken plan, references. */
import type { MediaProbe } from '../../../src-shared/domain/media.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { RefSubject, SlotKey, SubjectClass } from '../../../src-shared/domain/ref.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { type Clip, type ClipRecipe, makeClip } from './clips.ts';
import { phaseOf, setPhase, type World } from './world.ts';

export interface Media {
  byTake: Map<string, Clip>;
  byHash: Map<string, string>;
}

const clipRecipes: readonly ClipRecipe[] = [
  { name: 'c1', hue: 0, text: 'last tram', kind: 'clip', seconds: 4 },
  { name: 'c2', hue: 25, text: 'slow push', kind: 'clip', seconds: 4 },
  { name: 'c3', hue: 200, text: 'cold grade', kind: 'clip', seconds: 3 },
  { name: 'c4', hue: 60, text: 'own cut', kind: 'clip', seconds: 4, proxyNeeded: true },
];
const stillRecipes: readonly ClipRecipe[] = [0, 30, 90, 180, 320].map((hue, index) => ({
  name: `s${index}`,
  hue,
  text: `still ${index}`,
  kind: 'still',
  seconds: 0.2,
}));

/** Puts shots into every state and gives them takes. */
export async function fillWorld(world: World, folder: string): Promise<Media> {
  const clips = await Promise.all([...clipRecipes, ...stillRecipes].map((recipe) => makeClip(folder, recipe)));
  const moving = clips.slice(0, 3);
  const odd = clips[3];
  const stills = clips.slice(4);
  const media: Media = { byTake: new Map(), byHash: new Map() };
  for (const clip of clips) media.byHash.set(clip.sha256, clip.original);
  const add = (shotId: string, phase: Phase, clip: Clip | undefined, change: Partial<Take> = {}) => {
    if (clip) addTake(world, media, { shotId, phase, clip, change });
  };
  const ids = [...world.shots.keys()];
  const begin = (shotId: string, index: number): ShotPhase | undefined => {
    const still = (step: number) => stills[(index + step) % stills.length];
    const clip = (step: number) => moving[(index + step) % moving.length];
    const kind = index % 12;
    if (kind >= 10) return undefined;
    add(shotId, 'previs', still(0), { review: kind === 8 ? 'unreviewed' : 'approved' });
    if (kind === 8) return place(world, shotId, 'previs', 'awaiting_operator');
    approve(world, shotId, 'previs', 1);
    if (kind === 7) return place(world, shotId, 'keyframe', 'assembling');
    if (kind === 6) return place(world, shotId, 'keyframe', 'remediating');
    add(shotId, 'keyframe', still(1), { review: 'rejected', gateStatus: 'fail' });
    add(shotId, 'keyframe', still(2), { review: kind === 5 ? 'unreviewed' : 'approved', gateStatus: 'deferred' });
    if (kind === 5) return place(world, shotId, 'keyframe', 'awaiting_operator');
    approve(world, shotId, 'keyframe', 3);
    if (kind === 9)
      return place(world, shotId, 'video', 'halted', 'The provider’s content filter refused the prompt twice.');
    if (kind === 4) return place(world, shotId, 'video', 'auditing');
    add(shotId, 'video', clip(0), { gateStatus: 'review', review: 'rejected' });
    add(shotId, 'video', clip(1), { gateStatus: 'pass', madeWithOldHero: kind === 1 });
    add(shotId, 'video', odd, { source: kind === 1 ? 'external' : 'override', gateStatus: null });
    add(shotId, 'video', clip(2), { gateStatus: 'review', review: kind === 0 ? 'approved' : 'unreviewed' });
    if (kind === 3)
      add(shotId, 'video', moving[0] && { ...moving[0], probe: unreadable(moving[0].probe) }, {
        source: 'external',
        gateStatus: null,
        prepared: null,
      });
    return kind === 0 ? approve(world, shotId, 'video', 7) : place(world, shotId, 'video', 'awaiting_operator');
  };
  for (const [index, shotId] of ids.entries()) begin(shotId, index);
  world.subjects = subjectsOf(world, stills);
  world.problems.push({
    key: 'plan/EP001',
    severity: 'error',
    file: 'plans/ep_001_plan.json',
    where: 'shots[4].routing_data.duration',
    message: 'The plan has a duration of 0 seconds; the last good plan stays in use.',
    hint: 'Give a duration above 0 and at most 60 seconds, then save the file.',
    raisedAt: new Date().toISOString(),
  });
  return media;
}

function unreadable(probe: MediaProbe): MediaProbe {
  return {
    ...probe,
    playability: 'unreadable',
    problem: 'The file ends in the middle: its index is missing, so no frame can be found.',
  };
}

function place(
  world: World,
  shotId: string,
  phase: Phase,
  state: Parameters<typeof phaseOf>[2],
  reason: string | null = null,
): ShotPhase {
  return setPhase(world, shotId, phase, {
    ...phaseOf(shotId, phase, state),
    reason,
    spentMicroUsd: spentOn(world, shotId, phase),
  });
}

function approve(world: World, shotId: string, phase: Phase, number: number): ShotPhase {
  return setPhase(world, shotId, phase, {
    ...phaseOf(shotId, phase, 'stabilized'),
    approvedTakeId: `${shotId}_T${number}`,
    spentMicroUsd: spentOn(world, shotId, phase),
  });
}

function spentOn(world: World, shotId: string, phase: Phase): number {
  const takes = [...world.takes.values()].filter((take) => take.shotId === shotId && take.phase === phase);
  return takes.reduce((sum, take) => sum + take.costMicroUsd, 0);
}

export function addTake(
  world: World,
  media: Media,
  made: { shotId: string; phase: Phase; clip: Clip; change?: Partial<Take> },
): Take {
  const { shotId, phase, clip } = made;
  const number = [...world.takes.values()].filter((take) => take.shotId === shotId).length + 1;
  const id = `${shotId}_T${number}`;
  const take: Take = {
    id,
    shotId,
    phase,
    number,
    source: 'generated',
    path: `output/EP001/${shotId}/${id}_${phase}${clip.original.slice(clip.original.lastIndexOf('.'))}`,
    sha256: clip.sha256,
    probe: clip.probe,
    prepared: { poster: true, filmstrip: clip.strip, proxy: clip.proxy !== null },
    attemptId: `A${number}`,
    parentTakeId: number > 1 ? `${shotId}_T${number - 1}` : null,
    provider: 'embedded',
    model: phase === 'video' ? 'embedded-motion-1' : 'embedded-still-1',
    seed: 1_204_401 + number * 7919,
    costMicroUsd: phase === 'video' ? 320_000 : 40_000,
    review: 'unreviewed',
    gateStatus: 'pass',
    madeWithOldHero: false,
    createdAt: new Date(Date.UTC(2026, 4, 4, 9, number)).toISOString(),
    ...made.change,
  };
  world.takes.set(id, take);
  media.byTake.set(id, clip);
  return take;
}

function subjectsOf(world: World, stills: readonly Clip[]): RefSubject[] {
  const named: readonly [SubjectClass, string, string, string][] = [
    ['char', 'ines', 'Ines Valdar', 'Night driver of Car Nine for eleven years.'],
    ['char', 'anselm', 'Anselm', 'A courteous old man whose coat is dry in the rain.'],
    ['loc', 'salt_hill', 'Salt Hill', 'A harbour town stacked on a steep black hill.'],
    ['prop', 'ticket', 'The ticket', 'A paper tram ticket, clipped twice.'],
  ];
  return named.map(([subjectClass, subjectId, name, description], index) => ({
    subjectClass,
    subjectId,
    name,
    description,
    slots: (subjectClass === 'char' ? ['front', 'profile', 'three_quarter'] : ['wide']).map((view, at) => {
      const slot: SlotKey = { subjectClass, subjectId, kind: subjectClass === 'char' ? 'identity' : 'plate', view };
      const clip = stills[(index + at) % stills.length];
      const isEmpty = clip === undefined || view === 'three_quarter';
      const promotion = (source: string, sha256: string) => ({
        subject_class: subjectClass,
        subject_id: subjectId,
        kind: slot.kind,
        view,
        path: `assets/${subjectClass}/${subjectId}/base/pool/${slot.kind}/${view}.${sha256.slice(7, 19)}.png`,
        sha256,
        source,
        promoted_at: '2026-05-03T18:00:00.000Z',
        supersedes: null,
      });
      const hero = isEmpty ? null : promotion('ines-costume-test.png', clip.sha256);
      return {
        slot,
        hero,
        width: hero ? 360 : null,
        height: hero ? 640 : null,
        history: hero ? [hero] : [],
        usedByShots: [...world.shots.keys()].slice(index, index + 4),
        takesMadeWithOldHero: index === 0 && at === 0 ? ['EP001_SH002_T5'] : [],
      };
    }),
  }));
}
