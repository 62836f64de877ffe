import { type RefPromotion, type SlotKey, slotKeyText } from '../../src-shared/domain/ref.ts';
import type { RefStore } from '../orchestrator/ports/store.ts';
import type { StoreContext } from './store-context.ts';

const columns =
  'h.subject_class, h.subject_id, h.kind, h.view, h.path, h.sha256, h.source, h.promoted_at, h.supersedes';

/** Heroes: a history that only grows and a pointer per slot. */
export function createRefStore(
  context: StoreContext,
  markMadeWithOldHero: (takeIds: string[], old: boolean) => void,
): RefStore {
  const { sql } = context;
  // An estimate asks for every hero of every shot. Nobody else writes this database, so what was read once stays true
  // until a promotion, or until one is taken back.
  let known: ReadonlyMap<string, RefPromotion> | null = null;
  const forget = () => {
    known = null;
  };
  sql.onRollback(forget);
  const active = (): ReadonlyMap<string, RefPromotion> => {
    known ??= new Map(readActive(context).map((ref) => [slotTextOf(ref), ref]));
    return known;
  };
  return {
    activeRef(slot) {
      const ref = active().get(slotKeyText(slot));
      return ref ? { ...ref } : null;
    },
    activeRefs: () => [...active().values()].map((ref) => ({ ...ref })),
    refHistory: (slot) =>
      sql.all<RefPromotion>(`SELECT ${columns} FROM ref_history h WHERE h.slot = ? ORDER BY h.seq`, slotKeyText(slot)),
    refByHash: (sha256) =>
      sql.get<RefPromotion>(
        `SELECT ${columns} FROM ref_history h WHERE h.sha256 = ? ORDER BY h.seq DESC LIMIT 1`,
        sha256,
      ) ?? null,
    promote: (promotion) =>
      sql.transact(() => {
        const slot = slotTextOf(promotion);
        pointTo(context, slot, promotion);
        forget();
        const affected = takesBySlot(context, slot);
        const old = affected.filter((take) => take.old === 1).map((take) => take.id);
        markMadeWithOldHero(old, true);
        markMadeWithOldHero(
          affected.filter((take) => take.old === 0).map((take) => take.id),
          false,
        );
        context.tell({ type: 'ref_promoted', promotion, affectedTakes: old });
        return { promotion, affectedTakes: old };
      }),
  };
}

function readActive(context: StoreContext): RefPromotion[] {
  return context.sql.all<RefPromotion>(
    `SELECT ${columns} FROM ref_slots s JOIN ref_history h ON h.seq = s.history_seq ORDER BY s.slot`,
  );
}

function slotTextOf(promotion: RefPromotion): string {
  const slot: SlotKey = {
    subjectClass: promotion.subject_class,
    subjectId: promotion.subject_id,
    kind: promotion.kind,
    view: promotion.view,
  };
  return slotKeyText(slot);
}

function pointTo(context: StoreContext, slot: string, promotion: RefPromotion): void {
  context.sql.run(
    `INSERT INTO ref_history
       (slot, subject_class, subject_id, kind, view, path, sha256, source, promoted_at, supersedes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[slot, promotion.subject_class, promotion.subject_id, promotion.kind, promotion.view, promotion.path],
    ...[promotion.sha256, promotion.source, promotion.promoted_at, promotion.supersedes],
  );
  context.sql.run(
    `INSERT INTO ref_slots (slot, history_seq) SELECT :slot, max(seq) FROM ref_history WHERE slot = :slot
     ON CONFLICT (slot) DO UPDATE SET history_seq = excluded.history_seq`,
    { slot },
  );
}

/** Takes made with any hero of a slot, and whether one of the heroes they were made with has been replaced since. */
function takesBySlot(context: StoreContext, slot: string): { id: string; old: number }[] {
  return context.sql.all<{ id: string; old: number }>(
    `SELECT DISTINCT made.take_id AS id, EXISTS (
       SELECT 1 FROM take_refs r JOIN ref_slots s ON s.slot = r.role JOIN ref_history h ON h.seq = s.history_seq
         WHERE r.take_id = made.take_id AND h.sha256 <> r.sha256) AS old
       FROM take_refs made WHERE made.role = ? ORDER BY made.take_id`,
    slot,
  );
}
