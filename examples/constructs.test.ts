import { describe, expect, test } from '@jest/globals';
import { App, type Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as kit from '../constructs/index.js';
import { at, find } from '../test/support/cluster.js';
import { Autoscaling } from './constructs/autoscaling.js';
import { CacheAndQueue } from './constructs/cache-and-queue.js';
import { ReleasedByController } from './constructs/canary-release.js';
import { DashboardsAsCode } from './constructs/dashboards.js';
import { entrances, ReachedFromOutside } from './constructs/entrance.js';
import { ScaledByKeda } from './constructs/keda.js';
import { ServicesInMesh } from './constructs/mesh.js';
import { NginxIngress } from './constructs/nginx-ingress.js';
import { DocumentsInCluster } from './constructs/object-store.js';
import { Observability } from './constructs/observability.js';
import { OperatorForm } from './constructs/operator-monitoring.js';
import { Security } from './constructs/security.js';
import { Servers } from './constructs/servers.js';
import { StoreWithBackups } from './constructs/store-with-backups.js';
import { Traces } from './constructs/tracing.js';
import { Vectors } from './constructs/vectors.js';
import { Workloads } from './constructs/workload.js';

const app = () => new App({ outdir: '.' });

const examples: Readonly<Record<string, Chart>> = {
  workload: new Workloads(app()),
  servers: new Servers(app()),
  autoscaling: new Autoscaling(app()),
  'autoscaling by KEDA': new ScaledByKeda(app()),
  mesh: new ServicesInMesh(app()),
  'entrance by a gateway': new ReachedFromOutside(app(), entrances.gateway),
  'entrance by the Gateway API': new ReachedFromOutside(app(), entrances.gatewayApi),
  'canary release': new ReleasedByController(app()),
  nginx: new NginxIngress(app()),
  'store with backups': new StoreWithBackups(app()),
  'object store in the cluster': new DocumentsInCluster(app()),
  vectors: new Vectors(app()),
  'cache and queue': new CacheAndQueue(app()),
  observability: new Observability(app()),
  dashboards: new DashboardsAsCode(app()),
  tracing: new Traces(app()),
  'operator monitoring': new OperatorForm(app()),
  security: new Security(app()),
};

/** Exported constructs that only another one makes, and which. */
const MADE_BY_ANOTHER: Readonly<Record<string, string>> = {
  LlmWorkload: 'abstract: LlmService and LlmWorker are its two kinds',
  Release: 'a workload makes its own, and another by addRelease',
  GatewayEntrance: 'PublicIngress makes it by its choice',
  GatewayApiEntrance: 'PublicIngress makes it by its choice',
  NginxEntrance: 'PublicIngress makes it by its choice',
};

const exported = Object.entries(kit).flatMap(([name, value]) =>
  typeof value === 'function' && value.prototype instanceof Construct ? [{ name, type: value }] : [],
);
const charts = Object.values(examples);

describe('the examples of constructs', () => {
  test.each(Object.entries(examples))('%s: synthesises, whole and without an error', (_, chart) => {
    const problems = chart.node.findAll().flatMap(({ node }) => node.validate());
    const manifests = chart.toJson().map((value) => ({ value }));
    expect(manifests.length).toBeGreaterThan(5);
    expect([...problems, ...kit.checkManifests(manifests).filter(({ severity }) => severity === 'error')]).toEqual([]);
  });

  const made = charts.flatMap(({ node }) => node.findAll());
  const madeHere = charts.flatMap(({ node }) => node.children);

  test.each(exported)('use $name', ({ name, type }) => {
    const among = name in MADE_BY_ANOTHER ? made : madeHere;
    expect(among.some((one) => one instanceof type)).toBe(true);
  });

  test('name no construct as made by another that is not exported, or that they make themselves', () => {
    const wrong = Object.keys(MADE_BY_ANOTHER).filter(
      (name) => !exported.some((one) => one.name === name) || madeHere.some((one) => one.constructor.name === name),
    );
    expect(exported.length).toBeGreaterThan(Object.keys(MADE_BY_ANOTHER).length);
    expect(wrong).toEqual([]);
  });

  test('keep in Prometheus exactly what the autoscaler reads, the substitute of a lost metric too', () => {
    const manifests = examples.autoscaling?.toJson() ?? [];
    const read = (at(find(manifests, 'HorizontalPodAutoscaler'), 'spec.metrics') as object[]).flatMap(
      (metric) => at(metric, 'pods.metric.name') ?? at(metric, 'object.metric.name') ?? [],
    );
    const { data } = find(manifests, 'ConfigMap', 'prometheus-adapter-configuration');
    expect(read).toEqual(['translation_seconds_p90', 'translations_per_second_or_ceiling']);
    for (const name of read) expect(Object.values(data as object).join()).toContain(`as: ${name}`);
  });

  test('scale through KEDA by one ScaledObject, which asks Prometheus, and leave the autoscaler to it', () => {
    const manifests = examples['autoscaling by KEDA']?.toJson() ?? [];
    const triggers = at(find(manifests, 'ScaledObject'), 'spec.triggers') as readonly { readonly type: string }[];
    expect(triggers.map(({ type }) => type)).toContain('prometheus');
    expect(manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')).toEqual([]);
  });

  test('send a client back to the same pod where that is asked for', () => {
    const service = find(examples.servers?.toJson() ?? [], 'Service', 'spelling');
    expect(at(service, 'spec.sessionAffinity')).toBe('ClientIP');
    expect(at(service, 'spec.sessionAffinityConfig.clientIP.timeoutSeconds')).toBe(600);
  });

  test('give a server of their own the volume that it keeps, by the name that the kit gives it', () => {
    const server = find(examples.servers?.toJson() ?? [], 'StatefulSet', 'dictionary');
    expect(at(server, 'spec.volumeClaimTemplates.0.metadata.name')).toBe(kit.DATA_VOLUME);
    expect(at(server, 'spec.template.spec.containers.0.volumeMounts')).toEqual(
      expect.arrayContaining([{ name: kit.DATA_VOLUME, mountPath: '/var/lib/dictionary' }]),
    );
  });
});
