import { setImmediate } from 'node:timers/promises';

/** Slices of a long answer for as long as somebody asks, each in a turn of its own: writing one holds nobody else up. */
export async function* whileWanted<T>(
  slices: Iterable<T> | AsyncIterable<T>,
  signal?: AbortSignal,
): AsyncGenerator<T, void, void> {
  for await (const slice of slices) {
    await setImmediate();
    if (signal?.aborted) return;
    yield slice;
  }
}
