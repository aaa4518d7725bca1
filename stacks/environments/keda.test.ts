import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { load } from 'js-yaml';
import { checkManifests, MetricsBackend } from '../../constructs/index.js';
import { at, find, type Manifest } from '../../test/support/cluster.js';
import { EnvironmentConfigError } from '../environment-config.js';
import { PlatformStack } from '../platform-stack.js';
import { Scaling } from '../scaling.js';
import { Production, production } from './production.js';

const throughKeda = { ...production, metricsBackend: MetricsBackend.keda({ namespace: 'scalers' }) };

function objectsOf(stack: PlatformStack): readonly Manifest[] {
  return stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
}

const stack = new PlatformStack(new App({ outdir: '.' }), throughKeda);
const manifests = objectsOf(stack);

describe('production through KEDA', () => {
  test('has a ScaledObject where it had an HPA, of the same workload with the same bounds', () => {
    const hpas = objectsOf(new Production(new App({ outdir: '.' }))).filter(
      ({ kind }) => kind === 'HorizontalPodAutoscaler',
    );
    const scaledObjects = manifests.filter(({ kind }) => kind === 'ScaledObject');
    const bounds = (one: Manifest, min: string, max: string) =>
      [one.metadata.name, at(one, 'spec.scaleTargetRef.name'), at(one, `spec.${min}`), at(one, `spec.${max}`)].join(
        ' ',
      );
    expect(scaledObjects.map((one) => bounds(one, 'minReplicaCount', 'maxReplicaCount'))).toEqual(
      hpas.map((one) => bounds(one, 'minReplicas', 'maxReplicas')),
    );
    expect(hpas.length).toBeGreaterThan(5);
  });

  test('has neither HPA, adapter nor APIService: only one can serve the external metrics', () => {
    const kinds = new Set(manifests.map(({ kind }) => kind));
    expect([...kinds].filter((kind) => ['HorizontalPodAutoscaler', 'APIService'].includes(kind))).toEqual([]);
    expect(stack.metricsAdapter).toBeUndefined();
  });

  test('lets KEDA ask Prometheus, and Prometheus see whether KEDA is there', () => {
    const policy = find(manifests, 'NetworkPolicy', 'prometheus');
    const part = (app: string) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'scalers' } },
      podSelector: { matchLabels: { app } },
    });
    expect(at(policy, 'spec.ingress')).toContainEqual({
      from: [part('keda-operator')],
      ports: [{ port: 9090, protocol: 'TCP' }],
    });
    for (const app of ['keda-operator', 'keda-metrics-apiserver']) {
      expect(at(policy, 'spec.egress')).toContainEqual({ to: [part(app)], ports: [{ port: 8080, protocol: 'TCP' }] });
    }
  });

  test('says when either part of KEDA is gone', () => {
    const files = find(manifests, 'ConfigMap', 'prometheus-configuration').data as Record<string, string>;
    const rules = (at(load(files['rules.yaml'] ?? ''), 'groups') as { rules: { alert?: string; expr: string }[] }[])
      .flatMap((group) => group.rules)
      .filter(({ alert }) => alert === 'MetricsApiDown');
    expect(rules.map(({ expr }) => expr)).toEqual([
      'absent(up{namespace="scalers",job="keda-operator"} == 1)',
      'absent(up{namespace="scalers",job="keda-metrics-apiserver"} == 1)',
    ]);
    expect(files['prometheus.yaml']).toContain('keda-operator.scalers.svc:8080');
  });

  test('no rule has anything against it', () => {
    expect(checkManifests(manifests.map((value) => ({ value })))).toEqual([]);
  });

  test('is refused where a quota cannot hold a ceiling, by the path of what scales', () => {
    const quota = { cpu: '100', memory: '512Gi', pods: 1000 } as const;
    expect(() => objectsOf(new PlatformStack(new App({ outdir: '.' }), { ...throughKeda, quota }))).toThrow(
      /production\/04-services\/\S+-autoscaler: a ceiling of 50 replicas of \S+ .+ of the 100 cores of the quota\. Fix: /,
    );
  });

  test('opens nothing to KEDA where nothing scales', () => {
    const fixed = new PlatformStack(new App({ outdir: '.' }), { ...throughKeda, scaling: Scaling.fixed(2, 'a test') });
    expect(JSON.stringify(objectsOf(fixed))).not.toContain('keda');
  });

  test('refuses a backend that does not exist', () => {
    const config = { ...production, metricsBackend: { kind: 'datadog' } } as never;
    expect(() => new PlatformStack(new App({ outdir: '.' }), config)).toThrow(EnvironmentConfigError);
  });
});
