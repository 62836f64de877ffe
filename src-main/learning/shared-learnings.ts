/**
 * What all projects of this user have learned: `learnings.json` in the data folder, and the same for reading as markdown.
 * Several programs may add at once: each reads what is there under a lock, adds what is absent, and replaces the file whole.
 */
import type { SharedFinding, SharedLearningsFile, Suggestion } from '../../src-shared/domain/learning-report.ts';
import { sharedLearningsSchema } from '../../src-shared/domain/learning-report.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { DurableFiles } from '../orchestrator/ports/project-files.ts';

export interface SharedLearnings {
  /** Adds what no project has found before; answers how many that were. Nothing new writes nothing. */
  add(project: string, suggestions: readonly Suggestion[]): Promise<number>;
  findings(): Promise<SharedFinding[]>;
  /** of `learnings.json`, for people */
  readonly path: string;
}

export interface SharedLearningsDeps {
  /** absolute */
  path: string;
  markdownPath: string;
  files: DurableFiles;
  clock: Clock;
  /** Runs `work` while no other program does the same. */
  exclusively: <T>(work: () => Promise<T>) => Promise<T>;
}

export function createSharedLearnings(deps: SharedLearningsDeps): SharedLearnings {
  const { path, markdownPath, files, clock, exclusively } = deps;
  const read = async (): Promise<SharedFinding[] | 'damaged'> => {
    const text = await files.readText(path);
    if (text === null) return [];
    return parse(text)?.findings ?? 'damaged';
  };
  const addUnderLock = async (project: string, suggestions: readonly Suggestion[]): Promise<number> => {
    const found = await read();
    if (found === 'damaged') await files.moveInto(path, `${path}.damaged-${clock.now().getTime()}`);
    const known = found === 'damaged' ? [] : found;
    const fresh = newFindings(known, suggestions, { project, found_at: minuteOf(clock.now()) });
    if (fresh.length === 0) return 0;
    const findings = [...known, ...fresh];
    const file: SharedLearningsFile = { schema_version: 'circletake.learnings.v1', findings };
    await files.write(path, `${JSON.stringify(file, null, 2)}\n`);
    await files.write(markdownPath, markdownOf(findings));
    return fresh.length;
  };
  return {
    path,
    async add(project, suggestions) {
      // Most often all is known already: that needs no lock.
      const known = await read();
      if (known !== 'damaged' && newFindings(known, suggestions, { project, found_at: '' }).length === 0) return 0;
      return exclusively(() => addUnderLock(project, suggestions));
    },
    async findings() {
      const found = await read();
      return found === 'damaged' ? [] : found;
    },
  };
}

function parse(text: string): SharedLearningsFile | null {
  try {
    return sharedLearningsSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function newFindings(
  known: readonly SharedFinding[],
  suggestions: readonly Suggestion[],
  stamp: Pick<SharedFinding, 'project' | 'found_at'>,
): SharedFinding[] {
  const hashes = new Set(known.map(({ hash }) => hash));
  return suggestions.flatMap(({ hash, text, evidence }) => {
    if (hashes.has(hash)) return [];
    hashes.add(hash);
    return [{ hash, text, evidence, ...stamp }];
  });
}

/** `2026-11-21T12:30Z` */
function minuteOf(time: Date): string {
  return `${time.toISOString().slice(0, 16)}Z`;
}

/** The findings under one heading for each project and minute, in the order in which they came. */
export function markdownOf(findings: readonly SharedFinding[]): string {
  const groups = Map.groupBy(findings, ({ project, found_at }) => `${project} · ${found_at}`);
  const sections = [...groups].map(([heading, group]) => {
    const lines = group.map(({ text, evidence }) => `- ${oneLine(text)}\n  ${oneLine(evidence)}\n`);
    return `\n## ${oneLine(heading)}\n\n${lines.join('')}`;
  });
  return `# What productions have taught\n\nWritten from learnings.json; figures as they were when a finding was new.\n${sections.join('')}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
