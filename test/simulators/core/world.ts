/** What all simulated providers share: memory, clock, plan, prices and the maker of media. */
import { randomUUID } from 'node:crypto';
import { type MediaMaker, openMediaMaker } from '../media/media-maker.ts';
import { emptyPlan, type FaultPlan } from './fault-plan.ts';
import { type PriceList, readPriceList } from './price-list.ts';
import { openSimulatorStore, type SimulatorStore } from './simulator-store.ts';

export interface World {
  readonly folder: string;
  readonly store: SimulatorStore;
  readonly media: MediaMaker;
  readonly prices: PriceList;
  /** milliseconds; the machine's time plus what was advanced */
  now(): number;
  advanceClock(ms: number): void;
  plan(): FaultPlan;
  setPlan(plan: FaultPlan, options: { forgetHits: boolean }): void;
  newId(): string;
  close(): void;
}

export interface WorldOptions {
  folder: string;
  /** replaces the one the folder remembers */
  plan: FaultPlan | null;
  ffmpeg: string;
}

/** Opens the world of a folder; one that was there before goes on. */
export function openWorld({ folder, plan, ffmpeg }: WorldOptions): World {
  const store = openSimulatorStore(folder);
  const remembered = { plan: plan ?? store.plan() ?? emptyPlan, clockOffsetMs: store.clockOffsetMs() };
  store.setPlan(remembered.plan);
  return {
    folder,
    store,
    media: openMediaMaker({ folder, ffmpeg }),
    prices: readPriceList(),
    now: () => Date.now() + remembered.clockOffsetMs,
    advanceClock: (ms) => {
      remembered.clockOffsetMs += ms;
      store.setClockOffsetMs(remembered.clockOffsetMs);
    },
    plan: () => remembered.plan,
    setPlan: (next, { forgetHits }) => {
      remembered.plan = next;
      store.together(() => {
        store.setPlan(next);
        if (forgetHits) store.forgetHits();
      });
    },
    newId: randomUUID,
    close: store.close,
  };
}

/** A moment of the simulator's clock as providers write it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
