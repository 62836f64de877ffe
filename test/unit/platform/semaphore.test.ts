import { expect, test } from 'vitest';
import { createSemaphore } from '../../../src-main/platform/semaphore.ts';

test('no more tasks run than there are places, in the order they came', async () => {
  const semaphore = createSemaphore(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const task = (number: number) =>
    semaphore.run(async () => {
      running += 1;
      most = Math.max(most, running);
      order.push(number);
      await Promise.resolve();
      running -= 1;
    });
  await Promise.all([1, 2, 3, 4, 5].map(task));
  expect(most).toBe(2);
  expect(order).toEqual([1, 2, 3, 4, 5]);
});

test('a task that fails gives its place back', async () => {
  const semaphore = createSemaphore(1);
  await expect(semaphore.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(semaphore.run(async () => 'next')).resolves.toBe('next');
});

test('an abort while waiting leaves the queue and takes no place', async () => {
  const semaphore = createSemaphore(1);
  const held = Promise.withResolvers<void>();
  const first = semaphore.run(() => held.promise);
  const controller = new AbortController();
  const waiting = semaphore.run(async () => 'never', controller.signal);
  const last = semaphore.run(async () => 'last');
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  held.resolve();
  await first;
  await expect(last).resolves.toBe('last');
});

test('an abort right after asking keeps the task from starting', async () => {
  const controller = new AbortController();
  let started = false;
  const asked = createSemaphore(1).run(async () => {
    started = true;
  }, controller.signal);
  controller.abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  expect(started).toBe(false);
});
