import type { Take } from '../../../src-shared/domain/take.ts';
import { takeSourcePhrases } from '../../../src-shared/phrases.ts';

export interface TakeBadge {
  text: string;
  title: string;
  tone: 'plain' | 'eyes';
}

/** On every take of a rehearsal. */
export const rehearsalBadge: TakeBadge = {
  text: 'Rehearsal',
  title: 'Made in a rehearsal: nothing was spent',
  tone: 'eyes',
};

/** What is worth knowing of a take before it is opened, the most important last. Pure. */
export function takeBadges(take: Take): TakeBadge[] {
  const badges: TakeBadge[] = [];
  if (take.source !== 'generated') {
    badges.push({
      text: take.source === 'override' ? 'Own' : 'Ext',
      title: takeSourcePhrases[take.source],
      tone: 'plain',
    });
  }
  if (take.madeWithOldHero) {
    badges.push({ text: 'Old hero', title: 'Made with a reference that has been replaced since', tone: 'eyes' });
  }
  if (take.probe.playability === 'proxy-needed') {
    badges.push(
      take.prepared?.proxy
        ? { text: 'Proxy', title: 'This format plays from a proxy', tone: 'plain' }
        : { text: 'Proxy needed', title: 'This format plays once its proxy is made', tone: 'eyes' },
    );
  }
  if (take.probe.playability === 'unreadable') {
    badges.push({ text: 'Unreadable', title: take.probe.problem ?? 'This file cannot be read', tone: 'eyes' });
  }
  return badges;
}
