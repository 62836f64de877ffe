import { expect, it } from 'vitest';
import { maskKnownSecrets, rememberSecret } from '../../../src-main/platform/known-secrets.ts';

it('masks a secret as it is and as urls, JSON and base64 write it', () => {
  const secret = 'käse/"quoted"+1';
  rememberSecret(secret);
  const spelled = [secret, encodeURIComponent(secret), JSON.stringify(secret), Buffer.from(secret).toString('base64')];
  for (const text of spelled) {
    const masked = maskKnownSecrets(`before ${text} after`);
    expect(masked).toMatch(/^before "?\[key\]=*"? after$/);
  }
});

it('leaves what is too short to be a secret, and all else, as it is', () => {
  rememberSecret('abc');
  expect(maskKnownSecrets('abc and nothing else')).toBe('abc and nothing else');
});
