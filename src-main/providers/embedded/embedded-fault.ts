import { assertNever } from '../../../src-shared/domain/assert-never.ts';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { SubmitOutcome } from '../../orchestrator/ports/provider.ts';
import type { RehearsalFault } from './rehearsal.ts';

/** A failure of the embedded engine, real or rehearsed, with what it means for the attempt. */
export class EmbeddedFault extends Error {
  override readonly name = 'EmbeddedFault';
  readonly fault: RehearsalFault;

  constructor(fault: RehearsalFault, message: string) {
    super(message);
    this.fault = fault;
  }

  failure(): AttemptFailure {
    const say = (
      category: AttemptFailure['category'],
      detail: AttemptFailure['detail'],
      retryAfterMs: number | null = null,
    ) => ({
      category,
      detail,
      message: this.message,
      retryAfterMs,
    });
    switch (this.fault) {
      case 'rate-limit':
        return say('transient', 'rate_limit', 1000);
      case 'content-filter':
        return say('content_filter', 'rejected_request');
      case 'rejected':
        return say('permanent', 'rejected_request');
      case 'not-sent':
        return say('transient', 'network');
      case 'dropped-after-accept':
      case 'dropped-several':
      case 'dropped-unlisted':
        return say('transient', 'in_doubt');
      case 'server-error':
      case 'late-failure':
        return say('transient', 'server');
      case 'truncated':
      case 'empty-file':
      case 'html-instead':
      case 'black':
        return say('transient', 'bad_output');
      default:
        return assertNever(this.fault, 'rehearsal fault');
    }
  }

  submitOutcome(): SubmitOutcome {
    const failure = this.failure();
    if (this.fault === 'not-sent') return { kind: 'not-sent', failure };
    if (this.fault.startsWith('dropped-') || this.fault === 'server-error') return { kind: 'unknown', failure };
    return { kind: 'rejected', failure, billedMicroUsd: 0 };
  }
}

const wasCut = 'The connection was cut after the engine had the request (rehearsal).';

const submitMessages: Partial<Record<RehearsalFault, ['before-accept' | 'after-accept', string]>> = {
  'rate-limit': ['before-accept', 'Too many requests at once (rehearsal).'],
  'server-error': ['before-accept', 'The engine answered 500 (rehearsal).'],
  'not-sent': ['before-accept', 'The engine could not be reached (rehearsal).'],
  rejected: ['before-accept', 'The engine refused the request (rehearsal).'],
  'content-filter': ['before-accept', 'The engine refused the prompt by its content policy (rehearsal).'],
  'dropped-after-accept': ['after-accept', wasCut],
  'dropped-several': ['after-accept', wasCut],
  'dropped-unlisted': ['after-accept', wasCut],
};

/** Throws when the fault belongs to this moment of a submit. */
export function throwSubmitFault(fault: RehearsalFault | null, moment: 'before-accept' | 'after-accept'): void {
  if (!fault) return;
  const planned = submitMessages[fault];
  if (planned?.[0] === moment) throw new EmbeddedFault(fault, planned[1]);
}

/** The bytes as the fault delivers them; `black` is made by the renderer. */
export function applyArtefactFault(bytes: Uint8Array, fault: RehearsalFault | null): Uint8Array {
  if (fault === 'truncated') return bytes.subarray(0, Math.floor(bytes.length * 0.6));
  if (fault === 'empty-file') return new Uint8Array();
  if (fault === 'html-instead') return Buffer.from('<!doctype html><title>502 Bad Gateway</title>');
  return bytes;
}
