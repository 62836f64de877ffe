/** Jobs that go wrong at their provider: which engine makes each, and what its provider does to it. */
import type { FaultPlanInput } from '../../simulators/start-simulator.ts';

type Fault = NonNullable<FaultPlanInput['faults']>[number];
type Trouble = Fault extends infer One ? (One extends Fault ? Omit<One, 'id' | 'match'> : never) : never;

/** A workflow for each provider: stills where it makes them, because clips only cost time here. Two take no references. */
const engines = {
  fal: { phase: 'previs', workflowId: 'fal-nano-banana-pro-edit' },
  google: { phase: 'previs', workflowId: 'google-nano-banana-2' },
  openai: { phase: 'previs', workflowId: 'openai-gpt-image-2-edit' },
  replicate: { phase: 'previs', workflowId: 'replicate-flux-1-1-pro' },
  comfyui: { phase: 'previs', workflowId: 'comfyui-flux-still' },
  kling: { phase: 'video', workflowId: 'kling-v3-std' },
  ark: { phase: 'video', workflowId: 'ark-seedance-1-5-pro' },
  runway: { phase: 'video', workflowId: 'runway-gen4-turbo' },
} as const;
export type FaultyProvider = keyof typeof engines;

export const withoutRefs: ReadonlySet<FaultyProvider> = new Set(['replicate', 'comfyui']);

export interface FaultJob {
  shotId: string;
  provider: FaultyProvider;
  phase: 'previs' | 'video';
  workflowId: string;
  trouble: Trouble;
}

/** What stands in a shot's prompts so that its fault finds it. */
export const slateOf = (shotId: string): string => `slate ${shotId.slice(-5)}.`;

/** Every way in which a protocol with a queue can go wrong. */
const troubles: Trouble[] = [
  { kind: 'accept-then-drop' },
  { kind: 'accept-then-500', status: 500 },
  { kind: 'accept-then-500', status: 502 },
  { kind: 'drop-unaccepted' },
  { kind: 'reject-500-unbilled', status: 503 },
  { kind: 'insufficient-funds' },
  { kind: 'bad-request' },
  { kind: 'unauthorized' },
  { kind: 'content-policy', at: 'submit' },
  { kind: 'slow-headers', delayMs: 400 },
  { kind: 'slow-headers', delayMs: 400, on: 'status' },
  { kind: 'slow-headers', delayMs: 400, on: 'download' },
  { kind: 'rate-limit', retryAfterSeconds: 1 },
  { kind: 'rate-limit', on: 'status' },
  { kind: 'rate-limit', on: 'download' },
  { kind: 'unknown-id' },
  { kind: 'cut-status' },
  { kind: 'status-500', status: 502 },
  { kind: 'failed-job' },
  { kind: 'late-result', extraPolls: 2 },
  { kind: 'duplicate-result' },
  { kind: 'media-defect', defect: 'black' },
  { kind: 'truncated-download' },
  { kind: 'truncated-download', clean: true },
  { kind: 'zero-byte-file' },
  { kind: 'html-as-mp4' },
  { kind: 'expired-url' },
];

/** Only fal bills failures and tells what it billed, so only its ledger can follow these. */
const ofFal: Trouble[] = [
  { kind: 'content-policy', at: 'result', billed: true },
  { kind: 'failed-job', cause: 'input', billed: true },
  { kind: 'cost-differs', factor: 1.5 },
];

/** The other protocols, where they are not fal's: in the order in which a short run takes them. */
const ofOthers: [FaultyProvider, Trouble][] = [
  ['google', { kind: 'accept-then-drop' }],
  ['openai', { kind: 'accept-then-drop' }],
  ['kling', { kind: 'accept-then-drop' }],
  ['ark', { kind: 'accept-then-500', status: 500 }],
  ['replicate', { kind: 'accept-then-drop' }],
  ['runway', { kind: 'accept-then-drop' }],
  ['comfyui', { kind: 'accept-then-drop' }],
  ['google', { kind: 'soft-failure', code: 'IMAGE_SAFETY', at: 'submit' }],
  ['kling', { kind: 'soft-failure', code: '1301', at: 'submit' }],
  ['openai', { kind: 'accept-then-500', status: 503 }],
];

const everywhere: [FaultyProvider, Trouble][] = [
  ...ofFal.map((trouble): [FaultyProvider, Trouble] => ['fal', trouble]),
  // fal runs two jobs at once: a short run leaves every third kind to another
  ...troubles.map((trouble, place): [FaultyProvider, Trouble] => [place % 3 === 2 ? 'replicate' : 'fal', trouble]),
  ...ofOthers,
  ...(Object.keys(engines) as FaultyProvider[]).flatMap((provider) =>
    troubles.map((trouble): [FaultyProvider, Trouble] => [provider, trouble]),
  ),
];

/** Those that cannot recognise a second submit: an answer that is lost, of a request that was taken or was not. */
export const withoutIdempotency: [FaultyProvider, Trouble][] = (
  ['accept-then-drop', 'accept-then-500', 'drop-unaccepted', 'reject-500-unbilled'] as const
).flatMap((kind) => (['fal', 'google', 'openai'] as const).map((name): [FaultyProvider, Trouble] => [name, { kind }]));

/** The first `count` jobs; a long run begins again at the front when every pair has been had. */
export function faultJobs(count: number, pairs: readonly [FaultyProvider, Trouble][] = everywhere): FaultJob[] {
  return Array.from({ length: count }, (_, index): FaultJob => {
    const [provider, trouble] = pairs[index % pairs.length] ?? ['fal', { kind: 'accept-then-drop' }];
    return { shotId: `EP001_SH${String(index + 1).padStart(3, '0')}`, provider, ...engines[provider], trouble };
  });
}

const idOf = ({ shotId, provider, trouble }: FaultJob) => `${shotId} ${provider} ${trouble.kind}`;

/** The simulator's orders. */
export function planOf(jobs: readonly FaultJob[], settings: FaultPlanInput['settings'] = {}): FaultPlanInput {
  return {
    schema_version: 'fault-plan.v1',
    settings: { pace: { queuePolls: 0, runPolls: 0 }, ...settings },
    faults: jobs.map(
      (job) =>
        ({ ...job.trouble, id: idOf(job), match: { provider: job.provider, prompt: slateOf(job.shotId) } }) as Fault,
    ),
  };
}
