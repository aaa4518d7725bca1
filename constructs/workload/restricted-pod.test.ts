import { expect, test } from '@jest/globals';
import { testPlatform } from '../../test/support/cluster.js';
import { type RestrictedPodProps, restrictedPod } from './restricted-pod.js';

const container = {
  name: 'postman',
  resources: {
    cpu: { request: '100m', limit: '1' },
    memory: { request: '64Mi', limit: '64Mi' },
    ephemeralStorage: '64Mi',
  },
} as const;

function versionOf(tag: string, own: Partial<RestrictedPodProps> = {}): string | undefined {
  const image = { repository: 'docker.io/library/postman', tag, digest: { unpinned: 'a test' } };
  return restrictedPod({
    platform: testPlatform(),
    name: 'postman',
    placement: 'general',
    priority: 'data',
    meshRole: 'outsider',
    terminationGraceSeconds: 30,
    containers: [{ ...container, image }],
    ...own,
  }).metadata?.labels?.version;
}

// istioctl validate: a Deployment without it "may not provide Istio metrics and telemetry labels".
test('a pod says which version it runs: its release’s, or its image’s', () => {
  expect(versionOf('8.2.1-alpine')).toBe('8.2.1-alpine');
  expect(versionOf('8.2.1', { labels: { version: 'v2' } })).toBe('v2');
});

test('a tag that is too long for a label is cut where a label may end', () => {
  expect(versionOf(`1.${'0'.repeat(60)}-rc.1`)).toBe(`1.${'0'.repeat(60)}`);
});
