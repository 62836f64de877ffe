/** Takes of shots that have been looked at: a list as of a journal number, moved on by events. Pure. */
import type { EventBody, JournalEvent } from '../../src-shared/domain/journal.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { Trouble } from '../api/trouble.ts';

export type ShotTakes =
  | {
      kind: 'loading';
      takes: readonly Take[] /** events that came while the list was on its way */;
      held: JournalEvent[];
    }
  | { kind: 'ready'; seq: number; takes: readonly Take[] }
  | { kind: 'refused'; takes: readonly Take[]; trouble: Trouble };

export type TakesByShot = Readonly<Record<string, ShotTakes>>;

/** Shots whose takes are kept; the one looked at longest ago goes first. */
export const keptShots = 24;

/** Marks a shot as being loaded; what is known of it stays on screen. It becomes the most recent of the kept. */
export function beginLoading(state: TakesByShot, shotId: string): TakesByShot {
  const { [shotId]: known, ...others } = state;
  const kept = Object.entries(others).slice(-(keptShots - 1));
  return { ...Object.fromEntries(kept), [shotId]: { kind: 'loading', takes: known?.takes ?? [], held: [] } };
}

export function putList(
  state: TakesByShot,
  shotId: string,
  list: { seq: number; takes: readonly Take[] },
): TakesByShot {
  const known = state[shotId];
  const held = known?.kind === 'loading' ? known.held : [];
  const loaded: ShotTakes = { kind: 'ready', seq: list.seq, takes: list.takes };
  return { ...state, [shotId]: held.reduce(moveOn, loaded) };
}

export function putRefusal(state: TakesByShot, shotId: string, trouble: Trouble): TakesByShot {
  return { ...state, [shotId]: { kind: 'refused', takes: state[shotId]?.takes ?? [], trouble } };
}

/** Moves every loaded shot on; events of shots that are not loaded cost nothing. */
export function applyToTakes(state: TakesByShot, events: readonly JournalEvent[]): TakesByShot {
  const next: Record<string, ShotTakes> = { ...state };
  let changed = false;
  for (const event of events) {
    for (const shotId of shotsTouchedBy(event.body)) {
      const known = next[shotId];
      if (known === undefined) continue;
      next[shotId] = moveOn(known, event);
      changed = true;
    }
  }
  return changed ? next : state;
}

function shotsTouchedBy(body: EventBody): string[] {
  if (body.type === 'take_recorded' || body.type === 'take_changed') return [body.take.shotId];
  if (body.type === 'ref_promoted') return [...new Set(body.affectedTakes.map(shotOfTake))];
  return [];
}

function shotOfTake(takeId: string): string {
  return takeId.slice(0, takeId.lastIndexOf('_T'));
}

function moveOn(known: ShotTakes, event: JournalEvent): ShotTakes {
  if (known.kind === 'loading')
    return { ...known, takes: withEvent(known.takes, event.body), held: [...known.held, event] };
  if (known.kind === 'refused' || event.seq <= known.seq) return known;
  return { ...known, seq: event.seq, takes: withEvent(known.takes, event.body) };
}

function withEvent(takes: readonly Take[], body: EventBody): readonly Take[] {
  if (body.type === 'take_recorded' || body.type === 'take_changed') return upsert(takes, body.take);
  if (body.type === 'ref_promoted') {
    const affected = new Set(body.affectedTakes);
    return takes.map((take) => (affected.has(take.id) ? { ...take, madeWithOldHero: true } : take));
  }
  return takes;
}

function upsert(takes: readonly Take[], take: Take): readonly Take[] {
  if (takes.some((known) => known.id === take.id)) return takes.map((known) => (known.id === take.id ? take : known));
  return [...takes, take].sort((a, b) => a.number - b.number);
}
