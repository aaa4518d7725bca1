import { expect, test } from '@jest/globals';
import { secretManifests } from './environment-secrets.js';

test('a Secret holds each value sealed, as the base64 that the API takes', () => {
  const sealed: string[] = [];
  const seal = (base64: string) => ({ seal: sealed.push(base64) });
  expect(secretManifests('team', { redis: { password: 'pässword', 'erlang-cookie': 'c' } }, seal)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'redis', namespace: 'team' },
      type: 'Opaque',
      data: { password: { seal: 1 }, 'erlang-cookie': { seal: 2 } },
    },
  ]);
  expect(sealed.map((base64) => Buffer.from(base64, 'base64').toString())).toEqual(['pässword', 'c']);
});
