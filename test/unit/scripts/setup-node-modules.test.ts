import { describe, expect, test } from 'vitest';
import { isInstalled } from '../../../scripts/setup-node-modules.mjs';

const lockOf = (packages: object) => JSON.stringify({ packages: { '': { version: '0.1.0' }, ...packages } });
const lock = lockOf({
  'node_modules/hono': { version: '4.0.0' },
  'node_modules/sharp-darwin': { version: '1.0.0', optional: true },
});

describe('the state of node_modules', () => {
  test('is current when every package is there in its version', () => {
    expect(isInstalled(lock, lockOf({ 'node_modules/hono': { version: '4.0.0' } }))).toBe(true);
  });

  test('is stale when a package has another version', () => {
    expect(isInstalled(lock, lockOf({ 'node_modules/hono': { version: '3.9.0' } }))).toBe(false);
  });

  test('is stale when a package is missing', () => {
    expect(isInstalled(lock, lockOf({}))).toBe(false);
  });

  test('is stale when the build for this platform has another version', () => {
    const installed = { 'node_modules/hono': { version: '4.0.0' }, 'node_modules/sharp-darwin': { version: '0.9.0' } };
    expect(isInstalled(lock, lockOf(installed))).toBe(false);
  });
});
