/**
 * Lines of an answer at a terminal: broken between words at its width, what follows set under where the words of the line
 * began. A file or a pipe gets every line whole, so that grep finds one thing in one line. Pure.
 */

/** The lines that one line becomes; one that is JSON stays as it is, because it is there to be copied. */
export function wrapLine(line: string, columns: number | undefined): string[] {
  if (columns === undefined || line.length <= columns || /^\s*("[^"]*": |[{}\]]|\[$)/.test(line)) return [line];
  const indent = ' '.repeat(hangOf(line, columns));
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const start = lines.length === 0 ? hangOf(line, columns) : indent.length;
    const space = rest.lastIndexOf(' ', columns);
    // A word that is longer than a line stands out of it: a path or an id is copied whole.
    const end = space > start ? space : rest.indexOf(' ', columns);
    if (end < 0) break;
    lines.push(rest.slice(0, end).trimEnd());
    rest = indent + rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** Where the last column of a line begins, as far as that leaves half of the width; else a step in from its start. */
function hangOf(line: string, columns: number): number {
  const [start = ''] = /^ */.exec(line) ?? [];
  const gaps = [...line.matchAll(/\S {2,}(?=\S)/g)].map(({ index, 0: gap }) => index + gap.length);
  return gaps.findLast((at) => at <= columns / 2) ?? start.length + 2;
}
