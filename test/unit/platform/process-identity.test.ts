import { describe, expect, test } from 'vitest';
import { identifyProcess, parseProcStat, parseTasklist } from '../../../src-main/platform/process-identity.ts';

const tail = 'S 1 1234 1234 0 -1 4194304 100 0 0 0 5 3 0 0 20 0 1 0 987654 1000 200 18446744073709551615';

describe('the identity of a process', () => {
  test('is its start time, also when its name holds brackets and spaces', () => {
    expect(parseProcStat(`1234 (ffmpeg) ${tail}`)).toBe('started:987654');
    expect(parseProcStat(`1234 (a) b (c)) ${tail}`)).toBe('started:987654');
  });

  test('of a zombie is none: nothing runs there any more', () => {
    expect(parseProcStat(`1234 (ffmpeg) ${tail.replace('S', 'Z')}`)).toBeNull();
    expect(parseProcStat('')).toBeNull();
  });

  test('on Windows is the image name', () => {
    expect(parseTasklist('"ffmpeg.exe","1234","Console","1","50,000 K"', 1234)).toBe('ffmpeg.exe');
    expect(parseTasklist('INFO: No tasks are running which match the specified criteria.', 1234)).toBe('');
  });

  test('of this process stays the same and of none is null', async () => {
    const identity = await identifyProcess(process.pid);
    expect(identity).not.toBeNull();
    expect(await identifyProcess(process.pid)).toBe(identity);
    expect(await identifyProcess(2 ** 22 + 12_345)).toBeNull();
  });
});
