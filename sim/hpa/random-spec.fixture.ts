import type { HpaManifestSpec } from './hpa-spec.js';
import { pick, type Random, whole } from './random-choice.fixture.js';

/** A spec that the API server takes, with any of its fields left out, and quantities in any of their forms. */
export function randomSpec(random: Random): HpaManifestSpec {
  const maxReplicas = random() < 0.02 ? whole(random, 100, 400) : whole(random, 1, 40);
  const metrics = random() < 0.95 ? allMetrics(random).filter(() => random() < 0.4) : [];
  const mayBeZero = metrics.some(({ type }) => type === 'Object' || type === 'External');
  return {
    ...(random() < 0.8 && { minReplicas: whole(random, mayBeZero && random() < 0.5 ? 0 : 1, maxReplicas) }),
    maxReplicas,
    ...(metrics.length > 0 && { metrics }),
    ...(random() < 0.75 && {
      behavior: {
        ...(random() < 0.85 && { scaleUp: randomRules(random) }),
        ...(random() < 0.85 && { scaleDown: randomRules(random) }),
      },
    }),
  };
}

function allMetrics(random: Random) {
  const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'routes' };
  return [
    { type: 'Resource', resource: { name: 'cpu', target: resourceTarget(random, ['500m', '0.25', '1']) } },
    { type: 'Resource', resource: { name: 'memory', target: resourceTarget(random, ['0.5Gi', '300', '1k', '1e6']) } },
    {
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: 'app', target: resourceTarget(random, ['300m', '.5']) },
    },
    {
      type: 'ContainerResource',
      containerResource: { name: 'memory', container: 'proxy', target: resourceTarget(random, ['64Mi', '200']) },
    },
    { type: 'Pods', pods: { metric: { name: 'p99' }, target: average(random, ['1', '500m', '1500m', '10', '1k']) } },
    { type: 'Object', object: { metric: { name: 'routes' }, target: single(random), describedObject } },
    { type: 'External', external: { metric: { name: 'backlog' }, target: single(random) } },
    { type: 'External', external: { metric: { name: 'lag' }, target: single(random) } },
  ];
}

function resourceTarget(random: Random, values: readonly string[]) {
  return random() < 0.6
    ? { type: 'Utilization', averageUtilization: pick(random, [1, 33, 50, 70, 80, 120, 300]) }
    : average(random, values);
}

function average(random: Random, values: readonly string[]) {
  return { type: 'AverageValue', averageValue: pick(random, values) };
}

function single(random: Random) {
  const values = ['10', '2500m', '100m', '1k', '0.5Gi', '7', '1e3'];
  return random() < 0.5 ? average(random, values) : { type: 'Value', value: pick(random, values) };
}

function randomRules(random: Random) {
  const policies = Array.from({ length: whole(random, 1, 3) }, () => ({
    type: pick(random, ['Pods', 'Percent'] as const),
    value: pick(random, [1, 2, 3, 5, 10, 33, 50, 100, 200, 900, 2_147_483_647]),
    periodSeconds: pick(random, [1, 15, 30, 60, 120, 300, 1_800]),
  }));
  return {
    ...(random() < 0.7 && { stabilizationWindowSeconds: pick(random, [0, 1, 15, 60, 300, 900, 3_600]) }),
    ...(random() < 0.8 && { selectPolicy: pick(random, ['Max', 'Max', 'Min', 'Disabled'] as const) }),
    ...(random() < 0.85 && { policies }),
    ...(random() < 0.4 && { tolerance: pick(random, ['0', '50m', '0.2', '0.015', '500m', '2']) }),
  };
}
