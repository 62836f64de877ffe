/**
 * A 403 says "not you", "not this engine" or "not this picture", and only its words tell which. The first holds for every
 * shot and puts the batch on hold; the others are about one shot. What may be either is taken for the first: one pause too
 * many costs less than a night of halted shots.
 */
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';

const ofAccount =
  /\b(account|user|consumer|organi[sz]ation|project)\b[^.]*\b(locked|suspended|disabled|deactivated|overdue|blocked)\b|\b(billing|balance|credits?|payment|api[ _-]?key|token)\b/i;
const ofContent =
  /\b(content (polic(y|ies)|moderation|filter(ed|s)?)|moderation|moderated|safety (system|filters?|checker|polic(y|ies))|nsfw|sensitive (content|words?)|prohibited content)\b/i;
const may = 'access|permissions?|permitted|allowed|authori[sz]ed|verified|enabled|available';
const engine = 'model|engine|application|app|endpoint';
const ofEngine = new RegExp(`\\b(${may})\\b[^.]*\\b(${engine})\\b|\\b(${engine})\\b[^.]*\\b(${may})\\b`, 'i');

/** What a refused submit is about, by the provider's own words. */
export function readForbidden(words: string): Pick<AttemptFailure, 'category' | 'detail'> {
  if (ofAccount.test(words)) return { category: 'permanent', detail: 'account' };
  if (ofContent.test(words)) return { category: 'content_filter', detail: 'rejected_request' };
  return { category: 'permanent', detail: ofEngine.test(words) ? 'rejected_request' : 'account' };
}
