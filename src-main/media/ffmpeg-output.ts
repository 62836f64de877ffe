// Pure parsers of what ffmpeg prints, each tested on captured lines.

/** `ffmpeg version 5.1.9-0+deb12u1 Copyright …` → `5.1.9-0+deb12u1`. */
export function parseVersion(output: string): string | null {
  return /^ffmpeg version (\S+)/m.exec(output)?.[1] ?? null;
}

/** Major and minor number of a release; null for a build from a development branch. */
export function parseRelease(version: string): { major: number; minor: number } | null {
  const match = /^n?(\d+)\.(\d+)/.exec(version);
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : null;
}

/** Names from `ffmpeg -filters`: lines such as ` TSC blackdetect       V->V       Detect video intervals…`. */
export function parseFilterList(output: string): Set<string> {
  const names = new Set<string>();
  for (const line of output.split('\n')) {
    const match = /^ [T.][S.][C.]? +(\w+) +\S+->\S+/.exec(line);
    if (match?.[1]) names.add(match[1]);
  }
  return names;
}

/** Seconds of media done, from the last whole report in a chunk of `-progress` output. */
export function parseProgress(chunk: string): number | null {
  const reports = [...chunk.matchAll(/^out_time_us=(-?\d+)$/gm)];
  const microseconds = Number(reports.at(-1)?.[1]);
  return Number.isFinite(microseconds) ? Math.max(0, microseconds / 1e6) : null;
}
