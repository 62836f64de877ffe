// Gate 1: is the file whole, is it what was asked for, is anything plainly wrong in picture or sound? Measuring is the
// media folder's work (the same run that makes the proxy); judging is evaluate.ts.
import type { MediaProbe } from '../../../src-shared/domain/media.ts';
import type { MediaMetrics } from '../../../src-shared/domain/media-metrics.ts';
import type { TakeGate } from '../../orchestrator/ports/gate.ts';
import { AppError } from '../../platform/app-error.ts';
import { evaluateMechanical } from './evaluate.ts';
import { loadMechanicalPolicy, type MechanicalPolicy } from './policy.ts';

/** Who decodes a take and gives its raw figures. */
export interface TakeMeter {
  measure(path: string, probe: MediaProbe, signal: AbortSignal): Promise<MediaMetrics | null>;
}

/** The mechanical gate. Without ffmpeg it defers to a person instead of failing a take that may be good. */
export function createMechanicalGate(meter: TakeMeter, policy: MechanicalPolicy = loadMechanicalPolicy()): TakeGate {
  return {
    name: 'gate_1',
    async measure({ path, probe, expectation }, signal) {
      const startedAt = performance.now();
      const metrics = await measureOrNull(meter, { path, probe }, signal);
      const verdict = evaluateMechanical({ probe, metrics, expectation }, policy);
      return {
        gate: 'gate_1',
        ...verdict,
        costMicroUsd: 0,
        durationMs: performance.now() - startedAt,
        policyVersion: policy.version,
      };
    },
  };
}

async function measureOrNull(
  meter: TakeMeter,
  take: { path: string; probe: MediaProbe },
  signal: AbortSignal,
): Promise<MediaMetrics | null> {
  if (take.probe.playability === 'unreadable') return null;
  try {
    return await meter.measure(take.path, take.probe, signal);
  } catch (error) {
    if (error instanceof AppError && error.code === 'media.ffmpeg-missing') return null;
    throw error;
  }
}
