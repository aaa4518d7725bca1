import { expect, test } from '@jest/globals';
import { lastingData } from './lasting-data.js';
import { manifest, workload } from './manifest.fixture.js';

const claims = { volumeClaimTemplates: [{ metadata: { name: 'data' } }] };
const db = workload('StatefulSet', 'db', claims);
const claim = manifest('PersistentVolumeClaim', 'files');
const namespace = (name: string) => manifest('Namespace', name, { namespace: null });

test('volumes last, and what makes them', () => {
  expect(lastingData([db, claim])).toEqual(new Set([db, claim]));
});

test('a namespace lasts as long as there is data in it: its deletion would take the volumes along', () => {
  const team = namespace('team');
  expect(lastingData([team, db, namespace('another')])).toEqual(new Set([db, team]));
  expect(lastingData([team])).toEqual(new Set());
});

test('what can be made again does not last', () => {
  expect(
    lastingData([workload('Deployment', 'chat'), workload('StatefulSet', 'cache'), manifest('Secret', 'db')]),
  ).toEqual(new Set());
});
