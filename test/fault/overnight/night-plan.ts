/**
 * The night's forty shots: what goes wrong with each, and what the director does about it. Every fault that the simulator
 * knows hits at least once, in one of three phases made by three providers.
 */
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { FaultPlanInput } from '../../simulators/start-simulator.ts';

type Fault = NonNullable<FaultPlanInput['faults']>[number];
type Trouble = Fault extends infer One ? (One extends Fault ? Omit<One, 'id' | 'match'> : never) : never;

/** Engines of the three phases, by the names of the workflow registry. */
export const nightEngines = {
  previs: 'fal-nano-banana-pro-edit',
  keyframe: 'google-nano-banana-pro',
  video: 'kling-v3-pro',
};
const providerOf: Record<Phase, 'fal' | 'google' | 'kling'> = { previs: 'fal', keyframe: 'google', video: 'kling' };

export interface NightShot {
  troubles?: { phase: Phase; trouble: Trouble; provider?: 'fal' | 'google' | 'kling' }[];
  /** a gate of the night's own rejects the first take of this phase */
  rejectedBy?: { phase: Phase; gate: 'gate_2a_identity' | 'gate_2a_wardrobe' | 'gate_3' };
  /** the director asks for another take of the first one */
  rejectFirst?: Phase;
  /** the director chooses another engine when the phase waits without a take */
  reroute?: { phase: Phase; workflowId: string };
}

const previs = (trouble: Trouble) => ({ phase: 'previs' as const, trouble });
const keyframe = (trouble: Trouble) => ({ phase: 'keyframe' as const, trouble });
const video = (trouble: Trouble) => ({ phase: 'video' as const, trouble });

const scripts: NightShot[] = [
  { troubles: [previs({ kind: 'accept-then-drop' }), video({ kind: 'accept-then-drop' })] },
  { troubles: [previs({ kind: 'accept-then-500', status: 500 }), video({ kind: 'accept-then-500', status: 502 })] },
  { troubles: [previs({ kind: 'drop-unaccepted' }), video({ kind: 'drop-unaccepted' })] },
  {
    troubles: [
      previs({ kind: 'reject-500-unbilled', status: 503 }),
      video({ kind: 'reject-500-unbilled', status: 504 }),
    ],
  },
  { troubles: [previs({ kind: 'bad-request' })], reroute: { phase: 'previs', workflowId: 'fal-gpt-image-2-edit' } },
  {
    troubles: [previs({ kind: 'content-policy', at: 'submit' })],
    reroute: { phase: 'previs', workflowId: 'fal-gpt-image-2-edit' },
  },
  {
    troubles: [previs({ kind: 'content-policy', at: 'result', billed: true })],
    reroute: { phase: 'previs', workflowId: 'fal-gpt-image-2-edit' },
  },
  {
    troubles: [
      previs({ kind: 'slow-headers', delayMs: 1500 }),
      video({ kind: 'slow-headers', delayMs: 800, on: 'status' }),
    ],
  },
  { troubles: [previs({ kind: 'rate-limit', retryAfterSeconds: 1 }), video({ kind: 'rate-limit', on: 'download' })] },
  { troubles: [previs({ kind: 'rate-limit' }), video({ kind: 'rate-limit', on: 'status' })] },
  { troubles: [previs({ kind: 'unknown-id' })] },
  { troubles: [previs({ kind: 'cut-status' }), video({ kind: 'cut-status' })] },
  { troubles: [previs({ kind: 'status-500', status: 500 }), video({ kind: 'status-500', status: 502 })] },
  { troubles: [previs({ kind: 'failed-job' }), video({ kind: 'failed-job' })] },
  {
    troubles: [previs({ kind: 'failed-job', cause: 'input', billed: true })],
    reroute: { phase: 'previs', workflowId: 'fal-gpt-image-2-edit' },
  },
  { troubles: [previs({ kind: 'late-result', extraPolls: 2 }), video({ kind: 'late-result', extraPolls: 2 })] },
  { troubles: [previs({ kind: 'duplicate-result' })] },
  { troubles: [previs({ kind: 'media-defect', defect: 'black' }), video({ kind: 'media-defect', defect: 'black' })] },
  {
    troubles: [
      previs({ kind: 'media-defect', defect: 'wrong-aspect' }),
      video({ kind: 'media-defect', defect: 'frozen' }),
    ],
  },
  { troubles: [video({ kind: 'media-defect', defect: 'silent' })] },
  { troubles: [video({ kind: 'media-defect', defect: 'wrong-duration' })] },
  { troubles: [previs({ kind: 'truncated-download' }), video({ kind: 'truncated-download', clean: true })] },
  { troubles: [previs({ kind: 'zero-byte-file' }), video({ kind: 'zero-byte-file' })] },
  { troubles: [previs({ kind: 'html-as-mp4' }), video({ kind: 'html-as-mp4' })] },
  { troubles: [video({ kind: 'expired-url' })] },
  {
    troubles: [keyframe({ kind: 'soft-failure', code: 'IMAGE_SAFETY' })],
    reroute: { phase: 'keyframe', workflowId: 'fal-gpt-image-2-edit' },
  },
  {
    troubles: [keyframe({ kind: 'soft-failure', code: 'NO_IMAGE' })],
    reroute: { phase: 'keyframe', workflowId: 'fal-gpt-image-2-edit' },
  },
  {
    troubles: [video({ kind: 'soft-failure', code: '1301' })],
    reroute: { phase: 'video', workflowId: 'fal-seedance-1-5-pro' },
  },
  {
    troubles: [video({ kind: 'content-policy', at: 'submit' })],
    reroute: { phase: 'video', workflowId: 'fal-seedance-1-5-pro' },
  },
  { troubles: [keyframe({ kind: 'accept-then-drop' })] },
  { troubles: [keyframe({ kind: 'accept-then-500', status: 503 })] },
  { troubles: [keyframe({ kind: 'rate-limit', retryAfterSeconds: 1 })] },
  { troubles: [video({ kind: 'insufficient-funds' })] },
  { rejectedBy: { phase: 'keyframe', gate: 'gate_2a_identity' } },
  { rejectedBy: { phase: 'keyframe', gate: 'gate_2a_wardrobe' } },
  { rejectedBy: { phase: 'video', gate: 'gate_3' } },
  { rejectFirst: 'previs' },
  { rejectFirst: 'video' },
  { troubles: [previs({ kind: 'cost-differs', factor: 1.5 })] },
  // stays refused: the director leaves it for the morning
  { troubles: [previs({ kind: 'content-policy', at: 'submit' })] },
];

const idOf = (index: number) => `EP001_SH${String(index + 1).padStart(3, '0')}`;

export const nightShots: ReadonlyMap<string, NightShot> = new Map(
  scripts.map((script, index) => [idOf(index), script]),
);
/** The one shot that nobody helps. */
export const leftForTheMorning = idOf(scripts.length - 1);

/** What stands in a shot's prompts so that the simulator's faults find it. */
export const markOf = (shotId: string): string => `slate ${shotId.slice(-5)}.`;

/** The simulator's orders for the night. */
export function nightFaults(): FaultPlanInput {
  const faults = [...nightShots].flatMap(([shotId, { troubles = [] }]) =>
    troubles.map(
      ({ phase, trouble, provider = providerOf[phase] }) =>
        ({
          ...trouble,
          id: `${shotId} ${phase} ${trouble.kind}`,
          match: { provider, prompt: markOf(shotId), ...(provider === 'fal' ? { endpoint: 'nano-banana' } : {}) },
        }) as Fault,
    ),
  );
  return {
    schema_version: 'fault-plan.v1',
    settings: { pace: { queuePolls: 0, runPolls: 1 }, listingLagMs: 300 },
    faults,
  };
}
