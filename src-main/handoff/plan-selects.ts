import type { Take } from '../../src-shared/domain/take.ts';

/** A link in the selects folder: named by the take's id, so that no two collide. */
export interface Select {
  name: string;
  takeId: string;
  /** relative to the project */
  source: string;
}

/** What the selects folder should hold: the circled video take of every shot, and nothing else. */
export function planSelects(takes: readonly Take[]): Select[] {
  return takes
    .filter((take) => take.phase === 'video' && take.review === 'approved')
    .map((take) => ({
      name: `${take.id}${take.path.slice(take.path.lastIndexOf('.'))}`,
      takeId: take.id,
      source: take.path,
    }));
}

const selectName = /^EP\d{3}_SH\d{3,4}[A-Z]?_T\d{1,5}\.[a-z0-9]{1,5}$/;

/** Files in the selects folder that are ours by name and no longer selected; a person's own files are left alone. */
export function staleSelects(present: readonly string[], wanted: readonly Select[]): string[] {
  const names = new Set(wanted.map((select) => select.name));
  return present.filter((name) => selectName.test(name) && !names.has(name));
}
