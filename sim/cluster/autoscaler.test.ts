import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import { type HpaSpec, type HpaState, hpaSpecOf, NEW_HPA, reconcile } from '../hpa/index.js';
import { pick, type Random, whole } from '../hpa/random-choice.fixture.js';
import { randomSpec } from '../hpa/random-spec.fixture.js';
import { seededRandom } from '../model/random.js';
import type { Signal } from '../model/system.js';
import { Autoscaler } from './autoscaler.js';
import { HpaView } from './hpa-view.js';
import { newPod, type Pod } from './pod.js';

const REQUESTS = { cpuMilli: 500, memoryBytes: 0.5 };
const WINDOW_MS = 15_000;

/** A spec with metrics that the simulator reads something for. */
function modelledSpec(random: Random): HpaSpec {
  for (;;) {
    const spec = hpaSpecOf(randomSpec(random));
    if (spec.metrics.every(({ type }) => type !== 'ContainerResource')) return spec;
  }
}

function signalsOf({ metrics }: HpaSpec): readonly Signal[] {
  return metrics.map((metric): Signal => {
    if (metric.type === 'Pods') return { kind: 'quantile', quantile: 0.99, summed: false };
    if ('target' in metric) return { kind: 'backlog' };
    return { kind: 'resource' in metric && metric.resource === 'cpu' ? 'cpu' : 'memory' };
  });
}

/** What each metric says of so many pods' worth of work. */
function valuesOf({ metrics }: HpaSpec, load: number, pods: number): Float64Array {
  return Float64Array.from(metrics, (metric) => {
    if ('target' in metric) return Math.round(load * metric.target.milli);
    const each = 'averageMilli' in metric ? metric.averageMilli : 5 * metric.utilizationPercent;
    return Math.round((load * each) / Math.max(1, pods));
  });
}

/** As many as are wanted: each is ready some while after it was made. The same array while none comes, goes or becomes ready. */
function podsFor(random: Random, wanted: number, pods: readonly Pod[], nowMs: number): readonly Pod[] {
  if (pods.length === wanted) return pods;
  const made = Array.from({ length: Math.max(0, wanted - pods.length) }, (_, i) => ({
    ...newPod(`p${nowMs}-${i}`, nowMs),
    ...pick(random, [
      { startedMs: nowMs + 2_000, readyMs: nowMs + 20_000 },
      { startedMs: nowMs + 95_000, readyMs: nowMs + 130_000 },
    ]),
  }));
  return [...pods.slice(0, wanted), ...made];
}

test('replicas and conditions are those of every sync reckoned, over 120 random autoscalers under loads that stay, drift and jump', () => {
  for (let seed = 1; seed <= 120; seed++) {
    const random = seededRandom(seed);
    const spec = modelledSpec(random);
    const signals = signalsOf(spec);
    const autoscaler = new Autoscaler({ spec, signals }, REQUESTS, WINDOW_MS);
    const view = new HpaView(signals, { cpu: 500, memory: 500 }, WINDOW_MS);
    let state: HpaState = NEW_HPA;
    let wanted = whole(random, Math.max(1, spec.minReplicas), spec.maxReplicas);
    let pods: readonly Pod[] = [];
    let [nowMs, load, drift] = [0, random() * spec.maxReplicas, 0];
    for (let sync = 0; sync < 500; sync++) {
      nowMs += random() < 0.98 ? 15_000 : pick(random, [30_000, 400_000]);
      if (random() < 0.01) load = random() * 1.3 * spec.maxReplicas;
      if (random() < 0.05) drift = pick(random, [0, 0, 0.002, -0.002, 0.02, -0.02]);
      load = Math.max(0, load * (1 + drift));
      pods = podsFor(random, wanted, pods, nowMs);
      const valuesMilli = valuesOf(spec, load, wanted);
      const sampledAtMs = nowMs - 11_000;
      const observation = {
        specReplicas: wanted,
        statusReplicas: pods.length,
        pods: view.look(pods, nowMs, sampledAtMs),
        readings: view.read(valuesMilli, sampledAtMs),
      };
      const reckoned = reconcile(spec, state, observation, nowMs);
      state = reckoned.state;
      const replicas = autoscaler.sync({ wanted, active: pods, sampledAtMs, valuesMilli }, nowMs);
      const [found, wished] = [
        { replicas, ...autoscaler.conditions },
        { replicas: reckoned.replicas, ...state.conditions },
      ];
      // Asked of the runner each time it is most of the test.
      if (!isDeepStrictEqual(found, wished))
        expect({ seed, sync, spec, ...found }).toEqual({ seed, sync, spec, ...wished });
      wanted = replicas;
    }
  }
});
