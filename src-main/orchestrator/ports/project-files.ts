/** Where a project's files are and how they are written; the only builder of paths is src-main/projects. */
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { ProjectFile } from '../../../src-shared/domain/project.ts';
import type { SlotKey } from '../../../src-shared/domain/ref.ts';

/** Paths inside one project. `relative*` are as recorded (forward slashes), the rest absolute. */
export interface ProjectPaths {
  readonly root: string;
  /** Absolute path of a recorded relative one; refuses what leads outside the project. */
  resolve(relativePath: string): string;
  relativeTo(absolutePath: string): string;
  /** `output/EP001/SH012` */
  shotFolder(shotId: string): string;
  /** `output/EP001/SH012/SH012_T3_keyframe.png`, relative */
  relativeTakePath(shotId: string, takeNumber: number, phase: Phase, extension: string): string;
  /** the record beside a take: same path with `.json` */
  relativeSidecarPath(relativeTakePath: string): string;
  /** a file on the same disk for work in progress; the folder exists and is emptied at start */
  temporaryPath(name: string): string;
  /** where a paid file goes that nothing here can read; never emptied by the app */
  asidePath(name: string): string;
  manifestPath(episodeId: string): string;
  manifestJsonlPath(): string;
  selectsFolder(episodeId: string): string;
  /** `assets/char/<id>/base/pool/<kind>/<view>.<sha12>.<ext>`, relative */
  relativePoolPath(slot: SlotKey, shortSha: string, extension: string): string;
  refsManifestPath(): string;
  batchFilePath(batchId: string): string;
  /** a file of `state/learning` */
  learningPath(fileName: string): string;
}

/** Durable writes, done by platform/atomic-file. */
export interface DurableFiles {
  /** temp → fsync → rename → fsync of the folder; makes the folder */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * Gives a flushed file its final name, then fsync of the folder; makes the folder. False when the name is taken: what is
   * there is never written over, and the source stays.
   */
  moveInto(source: string, destination: string): Promise<boolean>;
  /** a hard link where the disk has them, else a copy; replaces what is there */
  linkOrCopy(source: string, destination: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  /** the text of a file; null when it is not there or cannot be read */
  readText(path: string): Promise<string | null>;
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
}

/** The documents of an open project as they are in force now. */
export interface ProjectDocuments {
  readonly project: ProjectFile;
}
