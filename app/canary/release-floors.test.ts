import { describe, expect, it } from '@jest/globals';
import type { CanaryReleaseStatus } from '../../contract/index.js';
import { chatReleases } from './chat-releases.js';
import { releaseFloors } from './release-floors.js';
import { initialStatus } from './status-changes.js';

const release = { name: 'chat', generation: 1, spec: chatReleases, resourceVersion: '1' };
const idle = initialStatus(release, { stable: null, canary: null }, 0);

function floorsOf(status: Partial<CanaryReleaseStatus>, minReplicas?: number) {
  return Object.fromEntries(releaseFloors({ ...chatReleases, minReplicas }, { ...idle, ...status }));
}

describe('the floors of a release', () => {
  it.each([
    [0, 0],
    [5, 1],
    [50, 5],
    [55, 6],
    [100, 10],
  ])(
    'of which 10 pods bear all traffic are at %i %% of it %i for the canary, and all for the stable one',
    (percent, floor) => {
      expect(floorsOf({ bearingReplicas: 10, percent })).toEqual({ chat: 10, 'chat-v2': floor });
    },
  );

  it('count requests that are mirrored as those that are answered: the canary does both', () => {
    expect(floorsOf({ bearingReplicas: 10, mirrorPercent: 40 })).toEqual({ chat: 10, 'chat-v2': 4 });
  });

  it('follow the roles of the slots, not their names', () => {
    expect(floorsOf({ stable: 'v2', canary: 'v1', bearingReplicas: 10, percent: 30 })).toEqual({
      chat: 3,
      'chat-v2': 10,
    });
  });

  it('are those of the service where nothing is tried, in whichever slot the stable release stands', () => {
    expect(floorsOf({})).toEqual({ chat: 0, 'chat-v2': 0 });
    expect(floorsOf({}, 3)).toEqual({ chat: 3, 'chat-v2': 0 });
    expect(floorsOf({ stable: 'v2', canary: 'v1' }, 3)).toEqual({ chat: 0, 'chat-v2': 3 });
  });
});
