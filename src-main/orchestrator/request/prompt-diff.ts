/** Words that a prompt lost and gained against its parent's, in reading order: `a [-red-] {+blue+} coat`. Empty when equal. */
export function diffPrompts(before: string, after: string): string {
  if (before.trim() === after.trim()) return '';
  const a = wordsOf(before);
  const b = wordsOf(after);
  const common = longestCommon(a, b);
  const parts: { mark: ' ' | '-' | '+'; words: string[] }[] = [];
  const push = (mark: ' ' | '-' | '+', word: string) => {
    const last = parts.at(-1);
    if (last?.mark === mark) last.words.push(word);
    else parts.push({ mark, words: [word] });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [lost, gained] = [a[i], b[j]];
    if (lost !== undefined && lost === gained) {
      push(' ', lost);
      i++;
      j++;
    } else if (
      lost !== undefined &&
      (gained === undefined || lengthAt(common, i + 1, j) >= lengthAt(common, i, j + 1))
    ) {
      push('-', lost);
      i++;
    } else {
      push('+', gained ?? '');
      j++;
    }
  }
  return parts
    .map(({ mark, words }) =>
      mark === ' ' ? words.join(' ') : mark === '-' ? `[-${words.join(' ')}-]` : `{+${words.join(' ')}+}`,
    )
    .join(' ');
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

/** lengths[i][j]: words in common from a[i] and b[j] on. */
function longestCommon(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (!row) continue;
      row[j] =
        a[i] === b[j]
          ? 1 + lengthAt(lengths, i + 1, j + 1)
          : Math.max(lengthAt(lengths, i + 1, j), lengthAt(lengths, i, j + 1));
    }
  }
  return lengths;
}

function lengthAt(lengths: readonly Uint16Array[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}
