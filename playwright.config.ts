import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/setup-chromium.mjs';

// One worker: the tests drive one built app each and share two cores with it and with ffmpeg.
// No retries: a test that passes at the second try hides a race that a director would meet.
// No traces: they doubled what the tests take. `npm run e2e -- --trace retain-on-failure` records them.
export default defineConfig({
  workers: 1,
  retries: 0,
  forbidOnly: true,
  // Limits in time are there to end what hangs: a busy machine is several times slower than an idle one.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  outputDir: 'test-results/playwright',
  reporter: [['list'], ['json', { outputFile: process.env.CIRCLETAKE_E2E_REPORT ?? 'test-results/reports/e2e.json' }]],
  use: { actionTimeout: 60_000, screenshot: 'only-on-failure' },
  projects: [
    {
      name: 'browser',
      testDir: 'test/e2e',
      use: {
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          executablePath: findChromium()?.path,
          timeout: 120_000,
          headless: true,
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            // Without these a closed network refuses many of the browser's own connections at each start.
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      },
    },
    { name: 'electron', testDir: 'test/e2e-electron' },
  ],
});
