/** Bytes of a file that a request asks for; both ends are counted in. */
export interface ByteRange {
  start: number;
  end: number;
}

export type RangeAnswer = { kind: 'whole' } | { kind: 'part'; range: ByteRange } | { kind: 'unsatisfiable' };

const whole: RangeAnswer = { kind: 'whole' };

/**
 * Reads a Range header (RFC 9110 §14): one range of bytes, `a-b`, `a-` or the suffix `-n`. What is malformed, in another
 * unit or more than one range is answered with the whole file, as the RFC allows.
 */
export function readRange(header: string | undefined, sizeBytes: number): RangeAnswer {
  const match = /^bytes=[ \t]*(\d{0,20})-(\d{0,20})[ \t]*$/i.exec(header ?? '');
  if (!match) return whole;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return whole;
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? { kind: 'unsatisfiable' } : part(sizeBytes - length, sizeBytes - 1);
  }
  if (last !== '' && Number(last) < Number(first)) return whole;
  if (Number(first) >= sizeBytes) return { kind: 'unsatisfiable' };
  return part(Number(first), last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1));
}

function part(start: number, end: number): RangeAnswer {
  return { kind: 'part', range: { start, end } };
}
