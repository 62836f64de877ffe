import { useEffect, useRef, useState } from 'react';
import type { RefCandidate, SlotKey } from '../../../src-shared/domain/ref.ts';
import { studio } from '../../api/client.ts';
import { isAbort, type Trouble, troubleOf } from '../../api/trouble.ts';
import { uploadFile } from '../../api/upload.ts';
import { showToast, showTrouble } from '../../stores/toast-store.ts';
import { slotTitle } from './slot-text.ts';

/** The way of a file to the hero of a slot. Nothing is changed before `promote`. */
export type CandidateStep =
  | { kind: 'none' }
  | { kind: 'sending'; name: string }
  | { kind: 'inspecting'; name: string }
  | { kind: 'ready'; candidate: RefCandidate }
  | { kind: 'promoting'; candidate: RefCandidate }
  | { kind: 'refused'; name: string; trouble: Trouble };

/** Sends a file, asks what it is, and promotes it when told to. */
export function useCandidate(projectId: string, slot: SlotKey) {
  const [step, setStep] = useState<CandidateStep>({ kind: 'none' });
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const offer = async (file: File) => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    setStep({ kind: 'sending', name: file.name });
    try {
      const { uploadId } = await uploadFile(file, mine.signal);
      setStep({ kind: 'inspecting', name: file.name });
      const candidate = await studio.refs.inspect({ projectId, slot, uploadId }, { signal: mine.signal });
      setStep({ kind: 'ready', candidate });
    } catch (error) {
      if (isAbort(error) || mine.signal.aborted) return;
      setStep({ kind: 'refused', name: file.name, trouble: troubleOf(error) });
    }
  };
  const cancel = () => {
    abort.current?.abort();
    setStep({ kind: 'none' });
  };
  const promote = async (candidate: RefCandidate) => {
    setStep({ kind: 'promoting', candidate });
    try {
      await studio.refs.promote({ projectId, slot, uploadId: candidate.uploadId });
      setStep({ kind: 'none' });
      showToast({
        tone: 'done',
        headline: `New hero: ${slotTitle(slot)}`,
        sentence: 'Takes bound from now on use it. Takes that exist keep theirs.',
        action: { label: 'Undo', run: () => void undoPromotion(projectId, slot) },
      });
    } catch (error) {
      setStep({ kind: 'refused', name: candidate.fileName, trouble: troubleOf(error) });
    }
  };
  return { step, offer, cancel, promote };
}

/** Points a slot back at the hero before the present one. */
export async function undoPromotion(projectId: string, slot: SlotKey): Promise<void> {
  try {
    await studio.refs.undo({ projectId, slot });
    showToast({ tone: 'done', headline: `${slotTitle(slot)} has its hero of before` });
  } catch (error) {
    showTrouble(error);
  }
}
