/**
 * Makes a text of a provider's fit for a sentence. What only an engineer can use (addresses, codes of the network, the
 * trace of a crash, pictures written as text) is left out; the log has the answer as it came.
 */

/** of a text of any length, and of what is left of it */
const maxRead = 4000;
const maxChars = 500;

const replacements: readonly [RegExp, string][] = [
  // from a trace on, nothing is for people
  [/\s*\bTraceback \(most recent call last\)[\s\S]*$/, ''],
  [/\s+at (?:async )?(?:[\w$.<>[\] ]+ \()?(?:file:|node:|\/)[^\s)]*:\d+:\d+\)?[\s\S]*$/, ''],
  [/\s*\bFile "[^"]+", line \d+(?:, in \S+)?/g, ''],
  [/\bdata:[\w/+.-]+;base64,[\w+/=]*/g, 'a picture'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>()]+[^\s"'<>().,;:!?]/gi, 'an address'],
  [
    /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b|\blocalhost(?::\d{1,5})?\b|\[[0-9a-f:]*::[0-9a-f:]*\](?::\d{1,5})?/gi,
    'an address',
  ],
  [
    /\b(?:[a-z0-9-]+\.)+(?:com|net|org|ai|io|run|dev|app|cloud|cn|internal|local|invalid|test)(?::\d{1,5})?\b/gi,
    'an address',
  ],
  [
    /[\s:]*\(?\b(?:E(?:CONN[A-Z]+|AI_[A-Z]+|NOTFOUND|HOST[A-Z]+|NET[A-Z]+|PIPE|TIMEDOUT|PROTO|ADDR[A-Z]+)|(?:UND_ERR|ERR|HPE)_[A-Z_]+)\b\)?:?/g,
    '',
  ],
  [/\b(?:[A-Z][a-z]+)*(?:Error|Exception): /g, ''],
];

/** The same text without what is not for people. */
export function peoplesWords(text: string): string {
  const start = text.slice(0, maxRead);
  const left = replacements.reduce((words, [pattern, instead]) => words.replace(pattern, instead), start);
  const line = left
    .replace(/\s+/g, ' ')
    .replace(/ ([.,;:!?])/g, '$1')
    .trim();
  return line.length > maxChars ? `${line.slice(0, maxChars)}…` : line;
}
