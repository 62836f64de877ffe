/** The last word on a failure before people read it: in their words, and with what there is to do. */
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { peoplesWords } from './peoples-words.ts';
import { ifItGoesOn } from './transport-words.ts';

/** A failure that a provider is the reason of, as a sentence about it and one about what to do. */
export function tellFailure(failure: AttemptFailure, title: string): AttemptFailure {
  const said = peoplesWords(failure.message);
  const advice = adviceOn(failure, title);
  return { ...failure, message: advice === null ? asSentence(said) : `${asSentence(said)} ${advice}` };
}

function adviceOn({ category, detail }: AttemptFailure, title: string): string | null {
  if (category === 'content_filter') return 'Rewrite the prompt or take other pictures.';
  switch (detail) {
    case 'account':
      if (category === 'budget') return `The account with ${title} has no money left for this: add some there.`;
      return `The key was refused or may not do this: look at the key for ${title} in Settings, and at your account with ${title}.`;
    case 'rejected_request':
      return 'Change the shot or take another engine.';
    case 'rate_limit':
      return 'It is asked again after a pause.';
    case 'bad_output':
    case 'cancelled':
    case 'unknown':
      return category === 'permanent' ? 'It has to be made again.' : 'Another try may help.';
    case 'server':
    case 'timeout':
    case 'network':
      return ifItGoesOn(title);
    default:
      return null;
  }
}

function asSentence(text: string): string {
  return /[.!?…”]$/.test(text) ? text : `${text}.`;
}
