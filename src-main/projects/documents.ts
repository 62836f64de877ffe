/**
 * The documents of an open project as they are in force: the last good ones. A reload takes what is good, keeps the last
 * good version of what is not, and says every fault as a problem that is cleared when it is mended.
 */
import { type BibleFile, bibleFileSchema } from '../../src-shared/domain/bible.ts';
import { type PlanFile, type PlanShot, planFileSchema } from '../../src-shared/domain/plan.ts';
import { type ProjectFile, projectFileSchema } from '../../src-shared/domain/project.ts';
import { slotKeyText } from '../../src-shared/domain/ref.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import type { ResolveRefs } from '../orchestrator/ports/refs.ts';
import { AppError } from '../platform/app-error.ts';
import type { OwnerPaths } from './project-paths.ts';
import { type DocumentFault, readDocument } from './read-document.ts';

export interface ProjectDocumentSet {
  project: ProjectFile;
  plans: Map<string, PlanFile>;
  bible: BibleFile | null;
}

type Store = Pick<
  ProjectStore,
  | 'raiseProblem'
  | 'clearProblem'
  | 'problems'
  | 'applyPlan'
  | 'setProjectCap'
  | 'lastGoodDocument'
  | 'keepLastGoodDocument'
>;

/** project.json, which everything else hangs on; without a good one the project cannot be opened. */
export async function readProjectFile(paths: OwnerPaths): Promise<ProjectFile> {
  const read = await readDocument(paths.projectFile, 'project.json', projectFileSchema);
  if (read.kind === 'good') return read.document;
  const [fault] = read.faults;
  throw new AppError({
    code: 'project.invalid',
    message: fault
      ? [fault.message, fault.where && `(${fault.where})`].filter(Boolean).join(' ')
      : 'project.json is not valid.',
    hint: 'Mend project.json, then open the folder again.',
    detail: read.faults,
  });
}

export class ProjectDocuments {
  #current: ProjectDocumentSet;
  readonly #paths: OwnerPaths;
  readonly #store: Store;

  constructor(project: ProjectFile, paths: OwnerPaths, store: Store) {
    this.#current = { project, plans: new Map(), bible: null };
    this.#paths = paths;
    this.#store = store;
  }

  get inForce(): ProjectDocumentSet {
    return this.#current;
  }

  /** Reads everything again. Never throws for what is in a file. */
  async reload(): Promise<void> {
    await this.#reloadProject();
    await this.#reloadBible();
    this.#forgetOtherPlans();
    for (const episode of this.#current.project.episodes) await this.#reloadPlan(episode.id, episode.plan);
  }

  /** Says what a shot asks for that has no hero or is unknown to the bible, and clears what is mended. */
  checkRefs(resolveRefs: ResolveRefs): void {
    const wanted = new Map<string, { message: string; shots: string[] }>();
    const note = (key: string, message: string, shotId: string) => {
      const entry = wanted.get(key) ?? { message, shots: [] };
      entry.shots.push(shotId);
      wanted.set(key, entry);
    };
    for (const shot of [...this.#current.plans.values()].flatMap((plan) => plan.shots)) {
      for (const slot of resolveRefs(shot, 'video').missing) {
        note(`ref-missing:${slotKeyText(slot)}`, `No hero yet for ${slotKeyText(slot)}.`, shot.shot_id);
      }
      for (const { subject, id, word } of unknownToBible(shot, this.#current.bible)) {
        note(`bible-missing:${subject}:${id}`, `The bible has no ${word} ${id}.`, shot.shot_id);
      }
    }
    for (const { key } of this.#store.problems()) {
      if (/^(ref|bible)-missing:/.test(key) && !wanted.has(key)) this.#store.clearProblem(key);
    }
    for (const [key, { message, shots }] of wanted) {
      this.#store.raiseProblem({
        ...{ key, severity: 'warning', file: null, where: shots.slice(0, 6).join(', ') },
        message: `${message} ${shots.length} ${shots.length === 1 ? 'shot needs' : 'shots need'} it.`,
        hint: key.startsWith('ref')
          ? 'Promote one in Refs: drop a picture on the slot.'
          : 'Add it to bible/bible.json, or correct the plan.',
      });
    }
  }

  async #reloadProject(): Promise<void> {
    const read = await readDocument(this.#paths.projectFile, 'project.json', projectFileSchema);
    if (read.kind === 'bad') return this.#tell('project', read.faults);
    // where its jobs go was settled when it was opened
    const { rehearsal } = this.#current.project;
    const isOther = (read.document.rehearsal === true) !== (rehearsal === true);
    this.#tell('project', isOther ? [otherMoney] : []);
    this.#current = { ...this.#current, project: { ...read.document, rehearsal } };
    this.#store.setProjectCap(read.document.caps.project_micro_usd);
  }

  /** Episodes that project.json no longer lists: their shots stay in the store, their plans are nobody's concern. */
  #forgetOtherPlans(): void {
    const listed = new Set(this.#current.project.episodes.map((episode) => episode.id));
    for (const id of this.#current.plans.keys()) if (!listed.has(id)) this.#current.plans.delete(id);
    for (const { key } of this.#store.problems()) {
      if (key.startsWith('plan:') && !listed.has(key.slice('plan:'.length))) this.#store.clearProblem(key);
    }
  }

  async #reloadBible(): Promise<void> {
    const read = await readDocument(this.#paths.bibleFile, 'bible/bible.json', bibleFileSchema);
    this.#tell('bible', read.kind === 'bad' ? read.faults : []);
    const bible = read.kind === 'good' ? read.document : this.#lastGood('bible', bibleFileSchema);
    this.#current = { ...this.#current, bible };
    if (read.kind === 'good') this.#store.keepLastGoodDocument('bible', read.document);
  }

  async #reloadPlan(episodeId: string, file: string): Promise<void> {
    const key = `plan:${episodeId}`;
    const read = await this.#readPlan(episodeId, file);
    this.#tell(key, read.kind === 'bad' ? read.faults : []);
    const plan = read.kind === 'good' ? read.document : this.#lastGood(key, planFileSchema);
    if (!plan) return;
    this.#current.plans.set(episodeId, plan);
    this.#store.applyPlan(plan);
    if (read.kind === 'good') this.#store.keepLastGoodDocument(key, plan);
  }

  async #readPlan(episodeId: string, file: string) {
    try {
      const read = await readDocument(this.#paths.resolve(file), file, planFileSchema);
      if (read.kind === 'bad' || read.document.episode_id === episodeId) return read;
      const message = `${file} is the plan of ${read.document.episode_id}, not of ${episodeId}.`;
      const hint = 'Correct episode_id in the plan, or the plan’s name in project.json.';
      return { kind: 'bad' as const, faults: [{ file, where: 'episode_id', message, hint }] };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const fault = { file, where: null, message: error.message, hint: error.hint ?? '' };
      return { kind: 'bad' as const, faults: [fault] };
    }
  }

  #lastGood<T>(key: string, schema: { safeParse(value: unknown): { success: boolean; data?: T } }): T | null {
    const kept = schema.safeParse(this.#store.lastGoodDocument(key));
    return kept.success ? (kept.data ?? null) : null;
  }

  #tell(key: string, faults: DocumentFault[]): void {
    const [first] = faults;
    if (!first) {
      this.#store.clearProblem(key);
      return;
    }
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    this.#store.raiseProblem({ key, severity: 'error', ...first, message: `${first.message}${more}` });
  }
}

const otherMoney: DocumentFault = {
  ...{ file: 'project.json', where: 'rehearsal' },
  message: 'Whether a project is a rehearsal does not change while it is open.',
  hint: 'Put it back as it was. To rehearse, use the Start dialog: it works in a copy.',
};

/** Characters, locations and props that a shot names and the bible does not know; none when there is no bible. */
function unknownToBible(shot: PlanShot, bible: BibleFile | null): { subject: string; id: string; word: string }[] {
  if (!bible) return [];
  const { characters, location_id: location, props } = shot.asset_data;
  const named = [
    ...characters.map((entry) => ({
      subject: 'char',
      id: entry.character_id,
      word: 'character',
      known: bible.characters,
    })),
    ...(location === null ? [] : [{ subject: 'loc', id: location, word: 'location', known: bible.locations }]),
    ...props.map((entry) => ({ subject: 'prop', id: entry.prop_id, word: 'prop', known: bible.props })),
  ];
  return named.filter(({ id, known }) => !known.some((entry) => entry.id === id));
}
