/** How a provider stands, in words and with a mark. Pure. */
import { type ProviderSettings, whyNotReady } from '../../../src-shared/domain/provider-settings.ts';
import { keyPlacePhrases, keyTestPhrases } from '../../../src-shared/phrases.ts';
import type { MarkShape, MarkTone } from '../../ui/state-mark.tsx';

export interface ProviderState {
  shape: MarkShape;
  tone: MarkTone;
  /** two or three words, for the list */
  short: string;
  /** the whole sentence */
  sentence: string;
}

export function stateOf(provider: ProviderSettings): ProviderState {
  const missing = whyNotReady(provider);
  if (provider.keyTrouble !== null) {
    return { shape: 'cross', tone: 'bad', short: 'Key cannot be used', sentence: provider.keyTrouble };
  }
  if (missing !== null) {
    const sentence = 'Nothing is sent to it before you add one.';
    return { shape: 'ring', tone: 'quiet', short: 'No key', sentence };
  }
  const { lastTest } = provider;
  if (lastTest?.kind === 'refused') {
    return { shape: 'cross', tone: 'bad', short: keyTestPhrases.refused, sentence: lastTest.detail };
  }
  if (lastTest?.kind === 'unreachable') {
    return { shape: 'eye', tone: 'eyes', short: keyTestPhrases.unreachable, sentence: lastTest.detail };
  }
  if (lastTest?.kind === 'accepted') {
    return { shape: 'check', tone: 'good', short: keyTestPhrases.accepted, sentence: lastTest.detail };
  }
  if (provider.key === null) {
    return provider.address === null
      ? { shape: 'check', tone: 'good', short: 'Ready', sentence: 'Needs no key and no network.' }
      : {
          shape: 'half',
          tone: 'quiet',
          short: 'Not tried yet',
          sentence: 'Needs no key. Nobody has tried its address.',
        };
  }
  return { shape: 'half', tone: 'quiet', short: 'Key not tried yet', sentence: 'A key is there; nobody has tried it.' };
}

/** Where the key is, as a sentence; null without one. */
export function keyPlaceSentence({ keyPlace, key }: ProviderSettings): string | null {
  if (keyPlace === null || key === null) return null;
  return keyPlace === 'environment'
    ? `Given by ${key.variable} when Circletake was started.`
    : keyPlacePhrases[keyPlace];
}
