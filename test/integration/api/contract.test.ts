import { createORPCClient, isDefinedError, ORPCError, safe } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/platform/app-error.ts';
import type { contract } from '../../../src-shared/api/contract.ts';
import { gatherSnapshot } from '../../../src-shared/api/snapshot-slices.ts';
import { createHttpWorld, type HttpWorld } from '../../fakes/http-world.ts';

let world: HttpWorld;
let client: ContractRouterClient<typeof contract>;
beforeEach(async () => {
  world = await createHttpWorld();
  client = createORPCClient(new RPCLink({ url: `${world.server.origin}/rpc`, headers: world.signedIn }));
});
afterEach(() => world.close());

const slot = { subjectClass: 'char', subjectId: 'mara', kind: 'identity', view: 'front' } as const;
const onTake = { projectId: 'demo', takeId: 'EP001_SH001_T1' };
const onPhase = { projectId: 'demo', shotId: 'EP001_SH001', phase: 'previs' } as const;

describe('the contract over HTTP', () => {
  it('answers every procedure with what the Studio says', async () => {
    expect(await client.projects.list()).toHaveLength(1);
    expect((await client.projects.open({ projectId: 'demo' })).open).toBe(true);
    expect(await client.projects.close({ projectId: 'demo' })).toEqual({ closed: true });
    expect((await client.projects.create({ slug: 'new', title: 'New' })).id).toBe('new');
    expect((await gatherSnapshot(await client.projects.snapshot({ projectId: 'demo' }))).shots).toHaveLength(1);
    expect((await client.takes.list({ projectId: 'demo', shotId: 'EP001_SH001' })).takes).toHaveLength(1);
    expect((await client.takes.detail(onTake)).take.id).toBe('EP001_SH001_T1');
    expect((await client.takes.verify(onTake)).takeId).toBe('EP001_SH001_T1');
    expect(await client.takes.prepare(onTake)).toEqual({ requested: true });
    expect((await client.review.approve({ ...onTake, note: 'the one' })).review.note).toBe('the one');
    expect((await client.review.reject({ ...onTake, reasons: ['motion'] })).review.action).toBe('reject');
    expect((await client.review.reroute({ ...onPhase, workflowId: 'w' })).review.action).toBe('reroute');
    expect(await client.review.workflowChoices(onPhase)).toEqual([]);
    expect((await client.review.undo({ projectId: 'demo' })).review.action).toBe('undo');
    expect(await client.review.history({ projectId: 'demo', shotId: 'EP001_SH001' })).toEqual([]);
    const config = { episodeId: 'EP001' };
    expect((await client.batches.estimate({ projectId: 'demo', config })).capMicroUsd).toBe(25_000_000);
    expect((await client.batches.start({ projectId: 'demo', config })).id).toBe('batch_1');
    expect((await client.batches.pause({ projectId: 'demo', batchId: 'batch_1' })).status).toBe('paused');
    expect((await client.batches.resume({ projectId: 'demo', batchId: 'batch_1' })).status).toBe('running');
    expect((await client.batches.stop({ projectId: 'demo', batchId: 'batch_1' })).status).toBe('complete');
    expect(await client.batches.list({ projectId: 'demo' })).toHaveLength(1);
    expect((await client.refs.list({ projectId: 'demo' })).subjects).toEqual([]);
    expect((await client.refs.promote({ projectId: 'demo', slot, uploadId: 'u' })).subject_id).toBe('mara');
    expect((await client.refs.undo({ projectId: 'demo', slot })).subject_id).toBe('mara');
    expect((await client.handoff.exportEpisode({ projectId: 'demo', episodeId: 'EP001' })).takes).toBe(1);
    expect((await client.learning.report({ projectId: 'demo' })).report.status).toBe('no_data');
    expect((await client.learning.shared({ projectId: 'demo' })).findings).toEqual([]);
    expect((await client.learning.share({ projectId: 'demo' })).added).toBe(0);
    const work = { projectId: 'demo', shotId: 'EP001_SH001', phase: 'previs' } as const;
    expect((await client.batches.cancelRetry(work)).phase).toBe('previs');
    expect(await client.attempts.ofBatch({ projectId: 'demo', batchId: 'b' })).toMatchObject({
      attempts: [],
      next: null,
    });
    const attempt = { projectId: 'demo', attemptId: 'att_1' };
    expect((await client.attempts.timeline(attempt)).attempt.id).toBe('att_1');
    expect((await client.attempts.shotLog({ projectId: 'demo', shotId: 'EP001_SH001' })).lines).toEqual([]);
    const explained = await client.attempts.explanations({ projectId: 'demo', shotIds: ['EP001_SH001'] });
    expect(explained).toEqual({ EP001_SH001: 'So.' });
    expect((await client.attempts.inDoubt({ projectId: 'demo' })).doubts).toEqual([]);
    expect((await client.attempts.reconcile(attempt)).attempt.id).toBe('att_1');
    const answer = { kind: 'adopt', jobId: 'job-1' } as const;
    expect((await client.attempts.settleDoubt({ ...attempt, answer })).id).toBe('att_1');
    const delivery = { projectId: 'demo', attemptId: 'att_1', uploadId: 'u' };
    expect((await client.attempts.deliver(delivery)).phase).toBe('previs');
    expect((await client.system.info()).maxUploadBytes).toBe(1_000_000);
  });

  it('answers the same as plain JSON below /api and describes it', async () => {
    const headers = { ...world.signedIn, 'content-type': 'application/json' };
    const body = JSON.stringify({ projectId: 'demo', shotId: 'EP001_SH001' });
    const answer = await world.send('POST', '/api/takes/list', { headers, body });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body.toString()).takes).toHaveLength(1);
    const description = await world.send('GET', '/api/openapi.json', { headers });
    const paths = Object.keys(JSON.parse(description.body.toString()).paths);
    expect(paths).toContain('/review/approve');
    expect(paths).toContain('/events/stream');
  });

  it('changes nothing on a GET', async () => {
    const data = encodeURIComponent(JSON.stringify({ json: { ...onTake, note: '' } }));
    const answer = await world.send('GET', `/rpc/review/approve?data=${data}`, { headers: world.signedIn });
    expect(answer.status).not.toBe(200);
    expect(world.studio.calls).toEqual([]);
  });
});

describe('errors of the contract', () => {
  it('keep their code, sentence, hint and retry', async () => {
    world.studio.failNext = new AppError({
      code: 'disk.full',
      message: 'The disk is full.',
      hint: 'Free some.',
      retry: true,
    });
    const { error } = await safe(client.takes.detail(onTake));
    expect(isDefinedError(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'disk.full',
      status: 507,
      message: 'The disk is full.',
      data: { hint: 'Free some.', retry: true },
    });
    expect(world.log).toEqual([]);
  });

  it('name the field of bad input', async () => {
    const { error } = await safe(client.takes.detail({ projectId: 'demo', takeId: 'T1' }));
    expect(isDefinedError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'input.invalid', status: 400 });
    expect(error?.message).toMatch(/^takeId: a take id is/);
  });

  it('tell nothing of a bug but that the log has it, once, with its stack', async () => {
    world.studio.failNext = new TypeError('secret inner detail');
    const { error } = await safe(client.takes.detail(onTake));
    expect(error).toBeInstanceOf(ORPCError);
    expect(error).toMatchObject({ status: 500, message: 'Something went wrong. The log has the details.' });
    expect(JSON.stringify(error)).not.toContain('secret inner detail');
    expect(world.log).toHaveLength(1);
    expect(world.log[0]).toContain('secret inner detail');
    expect(world.log[0]).toContain('contract.test.ts');
  });

  it('say that the Studio is closing when its own stop ended the work', async () => {
    world.studio.failNext = new DOMException('stopped', 'AbortError');
    const { error } = await safe(client.takes.detail(onTake));
    expect(error).toMatchObject({ code: 'shutting-down' });
    expect(world.log).toEqual([]);
  });

  it('answer an address that is not in the contract with 404', async () => {
    const headers = { ...world.signedIn, 'content-type': 'application/json' };
    for (const path of ['/rpc/nothing', '/rpc/takes', '/rpc/__proto__', '/rpc/constructor/name', '/api/nothing']) {
      expect((await world.send('POST', path, { headers, body: '{}' })).status, path).toBe(404);
    }
  });
});
