import { describe, expect, it } from 'vitest';
import { guardFiles } from '../../../src-main/platform/guarded-files.ts';
import { MemoryDisk } from '../../fakes/memory-files.ts';

describe('files of a folder that may be taken away', () => {
  it('are written while its landmark is there', async () => {
    const disk = new MemoryDisk();
    disk.contents.set('/p/state/project.lock', 'held');
    const files = guardFiles(disk.files, '/p/state/project.lock');
    await files.write('/p/output/a.json', '{}');
    await files.moveInto('/p/output/a.json', '/p/output/b.json');
    expect(disk.contents.get('/p/output/b.json')).toBe('{}');
  });

  it('are refused, and nothing is made anew in its place, when it is gone', async () => {
    const disk = new MemoryDisk();
    disk.contents.set('/tmp/take', 'a take');
    const files = guardFiles(disk.files, '/p/state/project.lock');
    const refusal = { code: 'file.missing', message: expect.stringContaining('not at its place') };
    await expect(files.write('/p/a.json', '{}')).rejects.toMatchObject(refusal);
    await expect(files.moveInto('/tmp/take', '/p/take.png')).rejects.toMatchObject(refusal);
    await expect(files.linkOrCopy('/tmp/take', '/p/take.png')).rejects.toMatchObject(refusal);
    expect([...disk.contents.keys()]).toEqual(['/tmp/take']);
  });
});
