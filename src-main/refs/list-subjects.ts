import type { BibleFile } from '../../src-shared/domain/bible.ts';
import type { PlanShot } from '../../src-shared/domain/plan.ts';
import {
  type RefPromotion,
  type RefSlot,
  type RefSubject,
  type SlotKey,
  type SubjectClass,
  slotKeyText,
} from '../../src-shared/domain/ref.ts';
import type { RefStore, TakeStore } from '../orchestrator/ports/store.ts';
import { slotsOfShot } from './resolve-refs.ts';

export interface SubjectsDeps {
  store: RefStore & TakeStore;
  bible: BibleFile | null;
  shots: PlanShot[];
  /** pixel size of a hero's file, when it is known */
  sizeOf: (ref: RefPromotion) => { width: number; height: number } | null;
}

/** Every character, location and prop with its slots: those of the bible, the plan and the pointer table together. */
export function listSubjects(deps: SubjectsDeps): RefSubject[] {
  const users = new Map<string, { slot: SlotKey; shots: string[] }>();
  const slotEntry = (slot: SlotKey) => {
    const key = slotKeyText(slot);
    const entry = users.get(key) ?? { slot, shots: [] };
    users.set(key, entry);
    return entry;
  };
  for (const shot of deps.shots)
    for (const slot of slotsOfShot(shot, 'video')) slotEntry(slot).shots.push(shot.shot_id);
  for (const ref of deps.store.activeRefs()) slotEntry(slotOfPromotion(ref));

  const subjects = new Map<string, RefSubject>();
  for (const named of namedSubjects(deps.bible)) subjects.set(`${named.subjectClass}:${named.subjectId}`, named);
  for (const { slot, shots } of users.values()) {
    const key = `${slot.subjectClass}:${slot.subjectId}`;
    const subject = subjects.get(key) ?? {
      subjectClass: slot.subjectClass,
      subjectId: slot.subjectId,
      name: slot.subjectId,
      description: '',
      slots: [],
    };
    subjects.set(key, subject);
    subject.slots.push(describeSlot(slot, shots, deps));
  }
  return [...subjects.values()];
}

function describeSlot(slot: SlotKey, shots: string[], deps: SubjectsDeps): RefSlot {
  const hero = deps.store.activeRef(slot);
  const history = deps.store.refHistory(slot);
  const size = hero ? deps.sizeOf(hero) : null;
  const oldHashes = new Set(history.map((ref) => ref.sha256).filter((sha256) => sha256 !== hero?.sha256));
  const old = [...oldHashes].flatMap((sha256) => deps.store.takesUsingRef(sha256));
  return {
    slot,
    hero,
    width: size?.width ?? null,
    height: size?.height ?? null,
    history,
    usedByShots: shots,
    takesMadeWithOldHero: [...new Set(old.filter((take) => take.review === 'approved').map((take) => take.id))],
  };
}

function namedSubjects(bible: BibleFile | null): RefSubject[] {
  if (!bible) return [];
  const named = (subjectClass: SubjectClass) => (entry: { id: string; name: string; description: string }) => ({
    subjectClass,
    subjectId: entry.id,
    name: entry.name,
    description: entry.description,
    slots: [],
  });
  return [
    ...bible.characters.map(named('char')),
    ...bible.locations.map(named('loc')),
    ...bible.props.map(named('prop')),
  ];
}

function slotOfPromotion(ref: RefPromotion): SlotKey {
  return { subjectClass: ref.subject_class, subjectId: ref.subject_id, kind: ref.kind, view: ref.view };
}
