import type { MediaProbe } from '../../../src-shared/domain/media.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { FrameRate } from '../../../src-shared/domain/timecode.ts';
import type { GateName, GateResult } from '../../../src-shared/domain/verdict.ts';

/** What a take was asked to be; null = not asked for, and then it is not judged. */
export interface GateExpectation {
  phase: Phase;
  kind: 'still' | 'clip' | null;
  width: number | null;
  height: number | null;
  frameRate: FrameRate | null;
  durationSeconds: number | null;
  audio: boolean | null;
}

export interface GateInput {
  /** absolute path of the take's file */
  path: string;
  probe: MediaProbe;
  expectation: GateExpectation;
}

/** A gate measures and judges one take by a fixed policy; it never repairs, repeats or decides what happens next. */
export interface TakeGate {
  readonly name: GateName;
  measure(input: GateInput, signal: AbortSignal): Promise<GateResult>;
}
