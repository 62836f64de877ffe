import { useState } from 'react';
import { isAbort, troubleOf } from '../../api/trouble.ts';

/** Runs one thing at a time and keeps why the last one was refused, for the place where it was asked. */
export function useAction() {
  const [busy, setBusy] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const run = async (what: string, work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(what);
    setFault(null);
    try {
      await work();
      return true;
    } catch (error) {
      if (!isAbort(error)) {
        const { sentence, hint } = troubleOf(error);
        setFault([sentence, hint].filter(Boolean).join(' '));
      }
      return false;
    } finally {
      setBusy(null);
    }
  };
  return { busy, fault, setFault, run };
}
