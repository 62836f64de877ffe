import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { GateInput, TakeGate } from '../../../src-main/orchestrator/ports/gate.ts';
import type { GateName, GateResult } from '../../../src-shared/domain/verdict.ts';
import { nightShots } from './night-plan.ts';

/** A gate that rejects the first take of the shots that the night's plan names: its identity, wardrobe and drift. */
export function scriptedGate(name: GateName): TakeGate {
  return {
    name,
    async measure({ path, expectation }: GateInput): Promise<GateResult> {
      const shotId = `EP001_${/SH\d+/.exec(basename(path))?.[0]}`;
      const script = nightShots.get(shotId)?.rejectedBy;
      const isMeant = script?.gate === name && script.phase === expectation.phase;
      const status = isMeant && isFirstTake(path, expectation.phase) ? 'fail' : 'pass';
      return {
        ...{ gate: name, status, measurements: [], findings: [], costMicroUsd: 0, durationMs: 0 },
        reason: status === 'fail' ? 'It is not as the reference has it.' : 'As the reference has it.',
        policyVersion: 'night',
      };
    },
  };
}

function isFirstTake(path: string, phase: string): boolean {
  const number = Number(/_T(\d+)_/.exec(basename(path))?.[1]);
  const ofPhase = new RegExp(`_T(\\d+)_${phase}\\.[a-z0-9]+$`);
  return readdirSync(dirname(path)).every(
    (name) => !(Number(ofPhase.exec(name)?.[1]) < number) || name.endsWith('.json'),
  );
}
