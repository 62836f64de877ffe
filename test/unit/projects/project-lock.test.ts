import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeLock } from '../../../src-main/projects/project-lock.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

let folder: string;
let path: string;
let clock: FakeClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-lock-'));
  path = join(folder, 'state', 'project.lock');
  clock = new FakeClock();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The next beat is planned when this one has read and written its file. */
async function oneBeat(): Promise<void> {
  await clock.advance(5000);
  await vi.waitFor(() => expect(clock.nextInMs()).not.toBeNull(), { timeout: 60_000 });
}

const heartbeat = (): string => JSON.parse(readFileSync(path, 'utf8')).heartbeatAt;
const alive = async () => 'started:1';

describe('the lock of a project', () => {
  it('is refused a second time in the same process', async () => {
    const lock = await takeLock(path, { clock });
    await expect(takeLock(path, { clock })).rejects.toMatchObject({ code: 'project.in-use' });
    await lock.release();
  });

  it('beats every five seconds', async () => {
    const lock = await takeLock(path, { clock });
    const first = heartbeat();
    await clock.advance(5000);
    await vi.waitFor(() => expect(heartbeat()).not.toBe(first), { timeout: 60_000 });
    await lock.release();
  });

  it('of another machine is believed for thirty seconds of silence', async () => {
    const theirs = await takeLock(path, { clock, host: 'edit-suite', pid: 7, identify: alive });
    const record = readFileSync(path, 'utf8');
    await theirs.release();
    writeFileSync(path, record);
    await clock.advance(29_000);
    await expect(takeLock(path, { clock })).rejects.toMatchObject({ message: expect.stringContaining('edit-suite') });
    await clock.advance(2000);
    const lock = await takeLock(path, { clock });
    await lock.release();
  });

  it('of a live process here is believed however long it is silent', async () => {
    const theirs = await takeLock(path, { clock, pid: 7, identify: alive });
    const record = readFileSync(path, 'utf8');
    await theirs.release();
    writeFileSync(path, record);
    await clock.advance(3_600_000);
    await expect(takeLock(path, { clock, identify: alive })).rejects.toMatchObject({ code: 'project.in-use' });
  });

  it('is taken again when this process left it behind by an end that failed', async () => {
    const lock = await takeLock(path, { clock });
    const record = readFileSync(path, 'utf8');
    await lock.release();
    writeFileSync(path, record);
    const again = await takeLock(path, { clock });
    await again.release();
    expect(existsSync(path)).toBe(false);
  });

  it('that cannot be read for a moment is kept, and beats again when it can', async () => {
    const onLost = vi.fn();
    const lock = await takeLock(path, { clock }, onLost);
    const record = readFileSync(path, 'utf8');
    rmSync(path);
    mkdirSync(path);
    for (let beat = 0; beat < 3; beat++) await oneBeat();
    rmSync(path, { recursive: true });
    writeFileSync(path, record);
    const before = heartbeat();
    await clock.advance(5000);
    await vi.waitFor(() => expect(heartbeat()).not.toBe(before), { timeout: 60_000 });
    expect(onLost).not.toHaveBeenCalled();
    await lock.release();
  });

  it('that cannot be read for so long that another machine may take it is lost', async () => {
    const onLost = vi.fn();
    const lock = await takeLock(path, { clock }, onLost);
    rmSync(path);
    mkdirSync(path);
    for (let beat = 0; beat < 4; beat++) await oneBeat();
    expect(onLost).not.toHaveBeenCalled();
    await clock.advance(5000);
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(1), { timeout: 60_000 });
    await lock.release();
  });

  it('says once that it was lost, and leaves the new owner’s lock alone', async () => {
    const onLost = vi.fn();
    const lock = await takeLock(path, { clock }, onLost);
    const taken = { ...JSON.parse(readFileSync(path, 'utf8')), nonce: 'another' };
    writeFileSync(path, JSON.stringify(taken));
    await clock.advance(5000);
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(1), { timeout: 60_000 });
    await clock.advance(20_000);
    await lock.release();
    expect(onLost).toHaveBeenCalledTimes(1);
    expect(JSON.parse(readFileSync(path, 'utf8')).nonce).toBe('another');
  });
});
