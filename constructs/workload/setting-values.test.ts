import { describe, expect, test } from '@jest/globals';
import { parseSettings } from '../../contract/vocabulary/index.js';
import { translator } from '../../test/support/own-contract.js';
import { renderSettings, type SettingValues } from './setting-values.js';

const apiKey = { secret: 'dictionary', key: 'api-key' } as const;
const settings = translator.settings;

describe('settings of a deployment', () => {
  test('are written in the form that the process reads', () => {
    const given = { languages: ['de', 'sw'], threads: 4, polite: false, tone: 'warm', apiKey } as const;
    const { plain } = renderSettings('translator', settings, given);

    const read = parseSettings('translator', settings, { ...plain, API_KEY_FILE: '/key' }, () => 'hush');
    expect(read).toEqual({ languages: ['de', 'sw'], threads: 4, polite: false, tone: 'warm', apiKey: 'hush' });
  });

  test('name their defaults, and leave out what is optional and not given', () => {
    const { plain } = renderSettings('translator', settings, { languages: [], apiKey });
    expect(plain).toEqual({ LANGUAGES: '', THREADS: '2', POLITE: 'true' });
  });

  test('never hold a secret, only where it is', () => {
    const { plain, secrets } = renderSettings('translator', settings, { languages: ['de'], apiKey });
    expect(secrets).toEqual({ API_KEY: apiKey });
    expect(JSON.stringify(plain)).not.toContain('API_KEY');
  });

  test('are asked for by the compiler where they have no default', () => {
    // @ts-expect-error: `languages` is missing.
    const missing: SettingValues<typeof settings> = { apiKey };
    // @ts-expect-error: a secret is given by reference.
    const literal: SettingValues<typeof settings> = { languages: [], apiKey: 'hush' };
    // @ts-expect-error: `threads` is a number.
    const mistyped: SettingValues<typeof settings> = { languages: [], apiKey, threads: '4' };
    expect([missing, literal, mistyped]).toHaveLength(3);
  });

  test('are refused at synthesis, all bad ones at once, without the value of a secret', () => {
    const bad = { threads: 99, apiKey: 'hush', colour: 'red' } as unknown as SettingValues<typeof settings>;
    const render = () => renderSettings('test/translator', settings, bad);

    expect(render).toThrow(/test\/translator: 4 bad settings/);
    expect(render).toThrow(/colour: is no setting of this process/);
    expect(render).toThrow(/LANGUAGES: is missing/);
    expect(render).toThrow(/THREADS: "99"/);
    expect(render).toThrow(/API_KEY: is a secret: give \{secret, key\}/);
    expect(render).not.toThrow(/hush/);
  });
});
