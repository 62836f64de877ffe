import { create } from 'zustand';
import { isAbort, type Trouble, troubleOf } from '../api/trouble.ts';

export interface ToastAction {
  label: string;
  /** key that does the same */
  keys?: string;
  run: () => void;
}

export interface Toast {
  id: number;
  tone: 'done' | 'trouble' | 'info';
  headline: string;
  sentence: string | null;
  hint: string | null;
  action: ToastAction | null;
  /** a newer message about the same thing takes the place of the older */
  about: string | null;
}

interface ToastState {
  toasts: readonly Toast[];
}

export const useToastStore = create<ToastState>(() => ({ toasts: [] }));

const shownAtOnce = 3;
let lastId = 0;

export function showToast(toast: Partial<Toast> & Pick<Toast, 'headline'>): void {
  lastId += 1;
  const full: Toast = { tone: 'info', sentence: null, hint: null, action: null, about: null, ...toast, id: lastId };
  useToastStore.setState((state) => ({
    toasts: [...state.toasts.filter((known) => full.about === null || known.about !== full.about), full].slice(
      -shownAtOnce,
    ),
  }));
}

export function dismissToast(id: number): void {
  useToastStore.setState((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) }));
}

/** Shows an expected error or a bug; a cancelled call shows nothing. */
export function showTrouble(error: unknown, action: ToastAction | null = null): Trouble | null {
  if (isAbort(error)) return null;
  const trouble = troubleOf(error);
  showToast({ tone: 'trouble', headline: trouble.headline, sentence: trouble.sentence, hint: trouble.hint, action });
  return trouble;
}
