import { describe, expect, test } from '@jest/globals';
import { parseSettings } from '../vocabulary/index.js';
import { providerSettings } from './settings.js';

const parse = (env: Readonly<Record<string, string>>) => () =>
  parseSettings('a test', providerSettings, env, () => {
    throw new Error('no such file');
  });

describe('settings that are wrong', () => {
  test('are told all at once, each by its variable and its value', () => {
    expect(parse({ OPENAI_BASE_URL: 'nonsense', MODELS: 'xx' })).toThrow(
      'a test: 2 bad settings\n  OPENAI_BASE_URL: "nonsense" Invalid URL\n  MODELS: "xx" is not JSON; the path of a file that holds it goes into MODELS_FILE',
    );
  });

  test('by a file that cannot be read are told by its variable', () => {
    expect(parse({ OPENAI_API_KEYS_FILE: '/gone' })).toThrow('OPENAI_API_KEYS_FILE cannot be read: no such file');
  });

  // It listed what was missing, and not of what.
  test('in a part of them are told by the place of that part', () => {
    expect(parse({ MODELS: '[{"id":"x","provider":"nobody"}]' })).toThrow(
      / 0\.provider: Invalid option: .*; 0\.role: /,
    );
  });
});
