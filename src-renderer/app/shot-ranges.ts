/** Shots as a person names them: “1-4, 12, SH020–SH023”. Pure. */
import { shortShotId } from '../../src-shared/domain/ids.ts';

export type ShotRanges = { kind: 'shots'; ids: string[] } | { kind: 'fault'; message: string };

/** The shots of the episode that a text names, in the order of the plan. An end that is no shot may lie between two. */
export function parseShotRanges(text: string, ids: readonly string[]): ShotRanges {
  const wanted = new Set<string>();
  const ranks = ranksOf(ids);
  const parts = text
    .replace(/\s*[-–]\s*/g, '-')
    .split(/[,;\s]+/)
    .filter((part) => part !== '');
  for (const part of parts) {
    const ends = /^(?:SH)?0*(\d+[A-Z]?)(?:-(?:SH)?0*(\d+[A-Z]?))?$/i.exec(part);
    if (ends?.[1] === undefined) return fault(`“${part}” is no shot: write 3, SH003 or 3-10.`);
    const [first, last] = [rankOf(ends[1]), rankOf(ends[2] ?? ends[1])];
    const found = ids.filter((_, place) => isBetween(ranks[place], first, last));
    if (found.length === 0) return fault(`The episode has no shot in ${part}.`);
    for (const id of found) wanted.add(id);
  }
  return { kind: 'shots', ids: ids.filter((id) => wanted.has(id)) };
}

/** The shortest text that names exactly these shots. */
export function printShotRanges(picked: ReadonlySet<string>, ids: readonly string[]): string {
  const runs: [string, string][] = [];
  let open: [string, string] | null = null;
  for (const id of ids) {
    if (!picked.has(id)) {
      open = null;
    } else if (open === null) {
      open = [id, id];
      runs.push(open);
    } else open[1] = id;
  }
  return runs
    .map(([first, last]) => (first === last ? numberOf(first) : `${numberOf(first)}-${numberOf(last)}`))
    .join(', ');
}

/** A click on a shot: alone it is taken in or out; with Shift everything from the last clicked one follows it. */
export function pickShots(
  picked: ReadonlySet<string>,
  ids: readonly string[],
  click: { id: string; from: string | null },
): Set<string> {
  const next = new Set(picked);
  const [a, b] = [ids.indexOf(click.from ?? click.id), ids.indexOf(click.id)];
  const run = a < 0 ? [click.id] : ids.slice(Math.min(a, b), Math.max(a, b) + 1);
  const takesIn = click.from === null ? !picked.has(click.id) : picked.has(click.from);
  for (const id of run) {
    if (takesIn) next.add(id);
    else next.delete(id);
  }
  return next;
}

const ranksByList = new WeakMap<readonly string[], readonly number[]>();

/** What each shot is ordered by, found once for a list: a text is read again at every key that is pressed. */
function ranksOf(ids: readonly string[]): readonly number[] {
  const known = ranksByList.get(ids) ?? ids.map((id) => rankOf(numberOf(id)));
  ranksByList.set(ids, known);
  return known;
}

/** 12 before 12A before 13. */
function rankOf(number: string): number {
  const letter = number.toUpperCase().charCodeAt(number.length - 1) - 64;
  return Number.parseInt(number, 10) * 32 + Math.max(0, letter);
}

function isBetween(rank: number | undefined, first: number, last: number): boolean {
  return rank !== undefined && rank >= first && rank <= last;
}

/** `EP001_SH012A` → `12A`. */
function numberOf(id: string): string {
  return shortShotId(id).replace(/^SH0*/, '');
}

function fault(message: string): ShotRanges {
  return { kind: 'fault', message };
}
