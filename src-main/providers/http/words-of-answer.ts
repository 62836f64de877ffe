/**
 * What a provider says in the body of an error, for people. Pure. The usual places are looked into in turn: `message`, fal's
 * and FastAPI's `detail`, an `error` that is a text or has one of its own. Anything else is told as it came, cut short.
 */
import { parseJson } from '../../platform/parse-json.ts';

const maxChars = 400;

/** The words of a body: a sentence where it has one, else the start of its text; empty for an empty body. */
export function wordsOfAnswer(body: string): string {
  return shorten(wordsIn(parseJson(body)) ?? titleOfPage(body) ?? body);
}

function wordsIn(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value.trim() || null;
  if (value === null || typeof value !== 'object' || depth > 3) return null;
  if (Array.isArray(value)) {
    const all = value.flatMap((entry: unknown) => wordsIn(entry, depth + 1) ?? []);
    return all.length > 0 ? all.join('; ') : null;
  }
  const fields = value as Record<string, unknown>;
  const words = ['message', 'msg', 'detail', 'error', 'title'].flatMap(
    (name) => wordsIn(fields[name], depth + 1) ?? [],
  );
  return words[0] ? withPlace(words[0], fields.loc) : null;
}

/** Which field is meant: `prompt: The input is not valid.` */
function withPlace(words: string, loc: unknown): string {
  const place = Array.isArray(loc) ? loc.filter((part) => part !== 'body').join('.') : '';
  return place ? `${place}: ${words}` : words;
}

/** A page is no reason. */
function titleOfPage(body: string): string | null {
  return /^\s*<(!doctype|html)/i.test(body) ? 'a web page instead of an answer' : null;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > maxChars ? `${line.slice(0, maxChars)}…` : line;
}
