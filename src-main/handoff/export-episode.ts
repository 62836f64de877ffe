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

/** Rebuilds manifests, sidecars that differ, and selects of one episode. */
export async function exportEpisode(episodeId: string, deps: ExportDeps): Promise<ExportReport> {
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
  for (const [index, take] of takes.entries()) await writeSidecar(take, records[index], deps);
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

const sidecarsWritten = new WeakMap<ExportDeps['store'], Map<string, string>>();

/** Writes the record beside its take when it is not the one written last. */
export async function writeSidecar(
  take: Take,
  record: ProvenanceRecord | undefined,
  deps: Pick<ExportDeps, 'store' | 'files' | 'paths'>,
): Promise<void> {
  if (!record) return;
  const text = `${JSON.stringify(record, null, 2)}\n`;
  const written = sidecarsWritten.get(deps.store) ?? new Map<string, string>();
  sidecarsWritten.set(deps.store, written);
  if (written.get(take.id) === text) return;
  await deps.files.write(deps.paths.resolve(deps.paths.relativeSidecarPath(take.path)), text);
  written.set(take.id, text);
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
