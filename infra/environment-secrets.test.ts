import { expect, test } from '@jest/globals';
import { secretManifests } from './environment-secrets.js';

test('a Secret holds what seals each value, and no value itself', () => {
  const sealed: string[] = [];
  const seal = (value: string) => ({ seal: sealed.push(value) });
  expect(secretManifests('team', { redis: { password: 'pässword', 'erlang-cookie': 'c' } }, seal)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'redis', namespace: 'team' },
      type: 'Opaque',
      data: { password: { seal: 1 }, 'erlang-cookie': { seal: 2 } },
    },
  ]);
  expect(sealed).toEqual(['pässword', 'c']);
});
