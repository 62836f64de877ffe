/** The sample production with an embedded engine that misbehaves where the test says, and a page whose troubles are kept. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import type { RehearsalFault } from '../../../src-main/providers/embedded/rehearsal.ts';
import { copySample } from './built-app.ts';

/** Number of the shot, number of the submit for its previs, and what goes wrong with it. */
export type FaultyPrevis = [shot: number, submit: number, fault: RehearsalFault];

/** Copies the sample; each take of it costs $0.04. */
export function copyFaultySample(world: string, faults: readonly FaultyPrevis[]): string {
  const folder = copySample(world);
  const plan = faults.map(([shot, submit, fault]) => ({
    ...{ shot_id: `EP001_SH00${shot}`, phase: 'previs', submit, fault },
  }));
  const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: 40_000, faults: plan };
  writeFileSync(join(folder, 'rehearsal.json'), JSON.stringify(rehearsal));
  return folder;
}

/** A director's screen; what its console complains of is added to `troubles`. */
export async function openPage(browser: Browser, link: string, troubles: string[] = []): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(link);
  return page;
}
