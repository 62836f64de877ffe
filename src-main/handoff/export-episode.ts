/**
 * Writes an episode's exports from the database: manifest, JSONL manifest, sidecars and selects. Everything here can be
 * thrown away and written again; every write is whole or not there.
 */
import type { ExportReport } from '../../src-shared/api/handoff-contract.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { DurableFiles, ProjectPaths } from '../orchestrator/ports/project-files.ts';
import type { ShotStore, TakeStore } from '../orchestrator/ports/store.ts';
import { jsonLine, manifestBytes, manifestEntry } from './build-manifest.ts';
import { planSelects, staleSelects } from './plan-selects.ts';
import { recordsByShot, type TakeOnRecord } from './records-by-shot.ts';

export interface ExportDeps {
  store: TakeStore & ShotStore;
  files: DurableFiles;
  paths: ProjectPaths;
  clock: Clock;
  /** slug of the project and ids of its episodes */
  project: () => { slug: string; episodeIds: string[]; rehearsal?: true };
}

/** Rebuilds manifests of one episode, and sidecars and selects of all its takes or of `changedShots` alone. */
export async function exportEpisode(
  episodeId: string,
  deps: ExportDeps,
  changedShots?: ReadonlySet<string>,
): Promise<ExportReport> {
  const { paths } = deps;
  const takes = await writeManifests(episodeId, deps, changedShots);
  const selects = await writeSelects(episodeId, takes, deps, changedShots === undefined);
  return {
    manifestPath: paths.relativeTo(paths.manifestPath(episodeId)),
    manifestJsonlPath: paths.relativeTo(paths.manifestJsonlPath()),
    selectsPath: paths.relativeTo(paths.selectsFolder(episodeId)),
    takes: takes.length,
    selects,
  };
}

/** The JSONL manifest holds every take of the project, in the order of its episodes. Answers the takes of `episodeId`. */
async function writeManifests(
  episodeId: string,
  deps: ExportDeps,
  changedShots: ReadonlySet<string> | undefined,
): Promise<Take[]> {
  const { store, paths, files, clock } = deps;
  const { slug, episodeIds, ...mark } = deps.project();
  const takes: Take[] = [];
  const entries: Buffer[] = [];
  const lines: Buffer[] = [];
  for (const id of episodeIds) {
    for await (const shot of recordsByShot(id, store)) {
      for (const { record } of shot) lines.push(jsonLine(record));
      if (id !== episodeId) continue;
      for (const { take, record } of shot) {
        takes.push(take);
        entries.push(manifestEntry(record));
      }
      const [first] = shot;
      if (first && (changedShots?.has(first.take.shotId) ?? true)) await writeSidecars(shot, deps);
    }
  }
  const totalCostMicroUsd = takes.reduce((sum, take) => sum + take.costMicroUsd, 0);
  const head = { episodeId, project: slug, ...mark, generatedAt: clock.now().toISOString(), totalCostMicroUsd };
  await files.write(paths.manifestPath(episodeId), manifestBytes(head, entries));
  await files.write(paths.manifestJsonlPath(), Buffer.concat(lines));
  return takes;
}

/** Writes the records beside the takes of a shot, those that are not there already word for word. */
async function writeSidecars(shot: readonly TakeOnRecord[], { files, paths }: ExportDeps): Promise<void> {
  await Promise.all(
    shot.map(async ({ take, record }) => {
      const path = paths.resolve(paths.relativeSidecarPath(take.path));
      const text = `${JSON.stringify(record, null, 2)}\n`;
      if ((await files.readText(path)) !== text) await files.write(path, text);
    }),
  );
}

/** A select that is there needs no second link: it is named by its take, and takes never change. */
async function writeSelects(
  episodeId: string,
  takes: readonly Take[],
  { files, paths }: ExportDeps,
  anew: boolean,
): Promise<number> {
  const folder = paths.selectsFolder(episodeId);
  const wanted = planSelects(takes);
  const present = await files.list(folder);
  for (const name of staleSelects(present, wanted)) await files.remove(`${folder}/${name}`);
  const there = new Set(anew ? [] : present);
  for (const select of wanted) {
    if (there.has(select.name)) continue;
    await files.linkOrCopy(paths.resolve(select.source), `${folder}/${select.name}`);
  }
  return wanted.length;
}
