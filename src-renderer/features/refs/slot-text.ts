/** Names of slots and what a promotion would touch. Pure. */

import { phases } from '../../../src-shared/domain/phase.ts';
import {
  type RefSlot,
  type RefSubject,
  type SlotKey,
  type SubjectClass,
  slotKeyText,
} from '../../../src-shared/domain/ref.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';

const classOrder: readonly SubjectClass[] = ['char', 'loc', 'prop'];

/** `identity/three_quarter` → "Identity · three quarter". */
export function slotTitle(slot: SlotKey): string {
  const kind = slot.kind.replaceAll(/[_-]/g, ' ');
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} · ${slot.view.replaceAll(/[_-]/g, ' ')}`;
}

/** Subjects by class in the order characters, locations, props; empty classes are left out. */
export function groupSubjects(subjects: readonly RefSubject[]): [SubjectClass, RefSubject[]][] {
  return classOrder
    .map((name): [SubjectClass, RefSubject[]] => [name, subjects.filter((subject) => subject.subjectClass === name)])
    .filter(([, members]) => members.length > 0);
}

export function subjectKey(subject: RefSubject): string {
  return `${subject.subjectClass}:${subject.subjectId}`;
}

export function countMissing(subject: RefSubject): number {
  return subject.slots.filter((slot) => slot.hero === null).length;
}

/** Circled takes, of every phase, of the shots that use a slot: a promotion leaves them as they are. */
export function takesThatStay(slot: RefSlot, shots: readonly Shot[]): string[] {
  const users = new Set<string>(slot.usedByShots);
  return shots
    .filter((shot) => users.has(shot.id))
    .flatMap((shot) => phases.flatMap((phase) => shot.phases[phase].approvedTakeId ?? []));
}

export function slotKeyOf(slot: RefSlot): string {
  return slotKeyText(slot.slot);
}
