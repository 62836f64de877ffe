/**
 * Writes an episode's exports from the database: manifest, JSONL manifest, sidecars and selects. Everything here can be
 * thrown away and written again; every write is whole or not there.
 */
import type { ExportReport } from '../../src-shared/api/handoff-contract.ts';
import type { ProvenanceRecord } from '../../src-shared/domain/provenance.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { DurableFiles, ProjectPaths } from '../orchestrator/ports/project-files.ts';
import type { ShotStore, TakeStore } from '../orchestrator/ports/store.ts';
import { buildManifest, toJsonLines } from './build-manifest.ts';
import { planSelects, staleSelects } from './plan-selects.ts';

export interface ExportDeps {
  store: TakeStore & ShotStore;
  files: DurableFiles;
  paths: ProjectPaths;
  clock: Clock;
  /** slug of the project and ids of its episodes */
  project: () => { slug: string; episodeIds: string[] };
}

/** Rebuilds manifests and selects of one episode, and the sidecars of all its takes or of `changedShots` alone. */
export async function exportEpisode(
  episodeId: string,
  deps: ExportDeps,
  changedShots?: ReadonlySet<string>,
): Promise<ExportReport> {
  const { store, paths } = deps;
  const takes = store.takesOfEpisode(episodeId);
  const records = takes.map((take) => store.provenance(take.id));
  const { slug } = deps.project();
  const manifest = buildManifest(
    { episodeId, project: slug, generatedAt: deps.clock.now().toISOString() },
    takes,
    records,
  );
  const manifestPath = paths.manifestPath(episodeId);
  await deps.files.write(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  await writeProjectLines(deps);
  for (const [index, take] of takes.entries()) {
    if (!changedShots || changedShots.has(take.shotId)) await writeSidecar(take, records[index], deps);
  }
  const selects = await writeSelects(episodeId, takes, deps);
  return {
    manifestPath: paths.relativeTo(manifestPath),
    manifestJsonlPath: paths.relativeTo(paths.manifestJsonlPath()),
    selectsPath: paths.relativeTo(paths.selectsFolder(episodeId)),
    takes: takes.length,
    selects,
  };
}

/** The JSONL manifest holds every take of the project, in the order of its episodes. */
async function writeProjectLines(deps: ExportDeps): Promise<void> {
  const records = deps
    .project()
    .episodeIds.flatMap((id) => deps.store.takesOfEpisode(id))
    .map((take) => deps.store.provenance(take.id));
  await deps.files.write(deps.paths.manifestJsonlPath(), toJsonLines(records));
}

/** Writes the record beside its take. */
async function writeSidecar(take: Take, record: ProvenanceRecord | undefined, deps: ExportDeps): Promise<void> {
  if (!record) return;
  const path = deps.paths.resolve(deps.paths.relativeSidecarPath(take.path));
  await deps.files.write(path, `${JSON.stringify(record, null, 2)}\n`);
}

async function writeSelects(episodeId: string, takes: readonly Take[], deps: ExportDeps): Promise<number> {
  const folder = deps.paths.selectsFolder(episodeId);
  const wanted = planSelects(takes);
  const present = await deps.files.list(folder);
  for (const name of staleSelects(present, wanted)) await deps.files.remove(`${folder}/${name}`);
  for (const select of wanted) {
    await deps.files.linkOrCopy(deps.paths.resolve(select.source), `${folder}/${select.name}`);
  }
  return wanted.length;
}
