/** The bytes of results as they are handed out, with the faults of a download. */
import { hit } from './faults.ts';
import type { Job } from './job.ts';
import { bytes, noAnswer, type Reply } from './reply.ts';
import { retryAfter } from './voice.ts';
import type { World } from './world.ts';

const page = Buffer.from('<!doctype html><html><head><title>502 Bad Gateway</title></head><body>Sorry.</body></html>');

/** File name of the nth result of a job. */
export function resultName(job: Job, index: number): string {
  return `${index}.${job.media.format === 'jpeg' ? 'jpg' : job.media.format}`;
}

export function contentTypeOf({ media }: Job): string {
  return media.format === 'mp4' ? 'video/mp4' : `image/${media.format}`;
}

/** Answers a download of the nth result. */
export async function serveResult(world: World, job: Job, index: number): Promise<Reply> {
  if (job.state !== 'succeeded' || index >= job.media.count) return bytes(404, Buffer.from('Not Found'));
  const gone = (job.endedAt ?? 0) + world.plan().settings.fileTtlMs < world.now();
  const expired = gone ? null : hit(world, ['expired-url'], job);
  if (gone || expired) {
    return { ...bytes(403, Buffer.from('<Error><Code>AccessDenied</Code></Error>')), fault: expired?.id ?? null };
  }
  const limited = hit(world, ['rate-limit', 'slow-headers'], job, ({ on }) => on === 'download');
  if (limited?.kind === 'rate-limit') {
    const headers = retryAfter(limited.retryAfterSeconds);
    return { ...bytes(429, Buffer.from('Too Many Requests'), headers), fault: limited.id };
  }
  const whole = await world.media.bytesOf(world, job, index);
  const reply = spoil(world, job, bytes(200, whole, { 'content-type': contentTypeOf(job) }));
  return limited ? { ...reply, delayMs: limited.delayMs, fault: limited.id } : reply;
}

/** The faults that change the bytes of an answer; also for results that come inside one. */
export function spoil(world: World, job: Job, reply: Reply): Reply {
  const fault = hit(world, ['truncated-download', 'zero-byte-file', 'html-as-mp4'], job);
  switch (fault?.kind) {
    case undefined:
      return reply;
    case 'zero-byte-file':
      return { ...reply, body: new Uint8Array(), fault: fault.id };
    case 'html-as-mp4':
      return { ...reply, body: page, fault: fault.id };
    case 'truncated-download':
      if (reply.body.byteLength < 2) return { ...noAnswer(), fault: fault.id };
      return fault.clean
        ? { ...reply, body: reply.body.subarray(0, Math.floor(reply.body.byteLength / 2)), fault: fault.id }
        : { ...reply, cut: 'half-way', fault: fault.id };
  }
}
