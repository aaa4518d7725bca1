import type { Resources } from '../constructs/index.js';

/** What the application's containers ask for and may use (chapter 32.4). */
export const chapterResources: Resources = {
  cpu: { request: '500m', limit: '2' },
  memory: { request: '512Mi', limit: '2Gi' },
  ephemeralStorage: '1Gi',
};

/** A store that serves many. */
export const largeStore: Resources = {
  cpu: { request: '1', limit: '4' },
  memory: { request: '4Gi', limit: '8Gi' },
  ephemeralStorage: '1Gi',
};

/** A store for a few people, on one machine. */
export const smallStore: Resources = {
  cpu: { request: '100m', limit: '1' },
  memory: { request: '256Mi', limit: '1Gi' },
  ephemeralStorage: '512Mi',
};
