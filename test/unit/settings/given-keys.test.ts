import { expect, it } from 'vitest';
import { takeGivenKeys } from '../../../src-main/settings/given-keys.ts';

it('keys are taken out of the environment, and stay known to whoever asks again', () => {
  const env: Record<string, string | undefined> = {
    CIRCLETAKE_KEY_COMFYUI: 'mine-for-one-start',
    CIRCLETAKE_DATA: '/d',
  };
  expect(takeGivenKeys(env)).toMatchObject({ CIRCLETAKE_KEY_COMFYUI: 'mine-for-one-start' });
  expect(env).toEqual({ CIRCLETAKE_DATA: '/d' });
  expect(takeGivenKeys(env)).toMatchObject({ CIRCLETAKE_KEY_COMFYUI: 'mine-for-one-start' });
});
