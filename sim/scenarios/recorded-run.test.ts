import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { services } from '../../contract/index.js';
import { manifestsOf } from '../../stacks/index.js';
import { ClusterTest } from '../../test/cluster/environment.js';
import { find, type Manifest } from '../../test/support/cluster.js';
import { type HpaManifestSpec, hpaSpecOf } from '../hpa/index.js';
import { type RecordedRun, replayRun } from './recorded-run.js';

const recorded = new URL('../../test/cluster/recorded-backlog.json', import.meta.url);
const run = JSON.parse(readFileSync(recorded, 'utf8')) as RecordedRun;
const hpa = find(manifestsOf(ClusterTest).objects as Manifest[], 'HorizontalPodAutoscaler', services.worker.name);
const spec = hpaSpecOf(hpa.spec as HpaManifestSpec);

test('the autoscaler of a real cluster, at a backlog of 300 tasks: the same replicas within one at every sync', () => {
  const wanted = run.syncs.map((sync) => sync.wanted);
  const replayed = replayRun(spec, run);
  const differences = replayed.map((replicas, i) => Math.abs(replicas - (wanted[i] ?? 0)));
  expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  // It went from floor to ceiling and back, or there was nothing to get wrong.
  expect([Math.max(...wanted), wanted.at(-1)]).toEqual([spec.maxReplicas, spec.minReplicas]);
});

test('a replay that is told of a thirtieth of the backlog is not the same', () => {
  const less = run.syncs.map(({ values, ...sync }) => ({
    ...sync,
    values: values.map((value, i) => (spec.metrics[i]?.type === 'External' && value !== null ? value / 30 : value)),
  }));
  const replayed = replayRun(spec, { ...run, syncs: less });
  expect(replayed.some((replicas, i) => Math.abs(replicas - (run.syncs[i]?.wanted ?? 0)) > 1)).toBe(true);
});
