import type { ProblemStore } from '../orchestrator/ports/store.ts';
import type { FolderEntry } from './watch-folders.ts';

const problemPrefix = 'stray-asset:';

/** Whether a folder below `assets` is looked at for strays: classes and subjects, not the pools below them. */
export function isSubjectFolder(folder: string): boolean {
  return /^(char|loc|prop)(\/[^/]+)?$/.test(folder);
}

/** Pictures that lie in a subject's folder and not in its pool are used by nothing: each is said once. */
export function tellStrayAssets(store: ProblemStore, folder: string, files: readonly FolderEntry[]): void {
  const strays = new Map(
    files
      .filter(
        ({ name }) => folder.includes('/') && /\.(png|jpe?g|webp|avif|tiff?|gif)$/i.test(name) && !name.startsWith('.'),
      )
      .map(({ name }) => [`assets/${folder}/${name}`, name]),
  );
  for (const { key, file } of store.problems()) {
    const inFolder = key.startsWith(`${problemPrefix}assets/${folder}/`) && file !== null;
    if (inFolder && !strays.has(file)) store.clearProblem(key);
  }
  for (const path of strays.keys()) {
    store.raiseProblem({
      ...{ key: problemPrefix + path, severity: 'warning', file: path, where: null },
      message: `${path} is not promoted: no shot is made with it.`,
      hint: 'Drop it on a slot in Refs to promote it; the file here may then be removed.',
    });
  }
}
