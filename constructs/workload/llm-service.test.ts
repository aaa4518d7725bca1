import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { behavior, image, translator, translatorProps } from '../../test/support/own-contract.js';
import { Autoscaler, LlmService, LlmWorker } from '../index.js';

const platform = testPlatform();

function serviceWith(own: object = {}) {
  const chart = emptyChart();
  const service = new LlmService(chart, 'translator', { ...translatorProps, platform, ...own });
  return { chart, service, manifests: () => manifestsIn(chart) };
}

function containerOf(manifests: ReturnType<typeof manifestsIn>) {
  return at(find(manifests, 'Deployment', 'translator'), 'spec.template.spec.containers.0');
}

describe('LlmService', () => {
  test("has the contract's name and port, where the others' URLs point", () => {
    expect(find(serviceWith().manifests(), 'Service')).toMatchObject({
      metadata: { name: 'translator', namespace: 'team' },
      spec: { type: 'ClusterIP', ports: [{ name: 'http', port: 7000, targetPort: 'http', appProtocol: 'http' }] },
    });
  });

  test('selects its pods by labels that no construct path can change', () => {
    const selector = { 'app.kubernetes.io/name': 'translator', 'app.kubernetes.io/instance': 'team' };
    const manifests = serviceWith().manifests();

    expect(at(find(manifests, 'Service'), 'spec.selector')).toEqual(selector);
    expect(at(find(manifests, 'Deployment'), 'spec.selector.matchLabels')).toEqual({ ...selector, version: 'v1' });
    expect(at(find(manifests, 'Deployment'), 'spec.template.metadata.labels')).toMatchObject({
      ...selector,
      version: 'v1',
    });
  });

  test("probes the contract's paths", () => {
    expect(containerOf(serviceWith().manifests())).toMatchObject({
      livenessProbe: { httpGet: { path: '/alive', port: 'http' }, initialDelaySeconds: 7, periodSeconds: 9 },
      readinessProbe: { httpGet: { path: '/steady', port: 'http' }, initialDelaySeconds: 3, periodSeconds: 4 },
    });
  });

  test('gives a start its own time where the contract has a startup probe', () => {
    const probes = { ...translator.probes, startup: { path: '/alive', withinSeconds: 15 } };
    const { startupProbe } = containerOf(serviceWith({ spec: { ...translator, probes } }).manifests()) as {
      startupProbe: unknown;
    };
    expect(startupProbe).toMatchObject({
      httpGet: { path: '/alive', port: 'http' },
      periodSeconds: 2,
      failureThreshold: 8,
    });
  });

  test('mounts secrets as files, exactly the keys that it reads', () => {
    const manifests = serviceWith().manifests();
    const path = '/var/run/secrets/armature/dictionary';

    expect(at(containerOf(manifests), 'env')).toEqual([{ name: 'API_KEY_FILE', value: `${path}/api-key` }]);
    expect(at(containerOf(manifests), 'volumeMounts')).toContainEqual({
      name: 'secret-dictionary',
      mountPath: path,
      readOnly: true,
    });
    expect(at(find(manifests, 'Deployment'), 'spec.template.spec.volumes')).toContainEqual({
      name: 'secret-dictionary',
      secret: { secretName: 'dictionary', defaultMode: 0o440, items: [{ key: 'api-key', path: 'api-key' }] },
    });
  });

  test('runs under the runtime class of its nodes, where they have one of their own', () => {
    const pool = { labels: {}, taints: {}, runtimeClassName: 'gvisor' };
    const nodePools = { ...platform.nodePools, [translator.placement]: pool };
    const runtimeOf = (own: object) =>
      at(find(serviceWith(own).manifests(), 'Deployment'), 'spec.template.spec.runtimeClassName');
    expect(runtimeOf({ platform: { ...platform, nodePools } })).toBe('gvisor');
    expect(runtimeOf({})).toBeUndefined();
  });

  test('hands secrets over as variables only where that is named', () => {
    const container = containerOf(serviceWith({ secretsAs: 'environment' }).manifests());
    expect(at(container, 'env')).toEqual([
      { name: 'API_KEY', valueFrom: { secretKeyRef: { name: 'dictionary', key: 'api-key' } } },
    ]);
  });

  test('replaces its pods when a setting changes, and only then', () => {
    const checksum = (own: object) =>
      at(find(serviceWith(own).manifests(), 'Deployment'), 'spec.template.metadata.annotations.checksum/settings');
    const settings = translatorProps.settings;

    expect(checksum({})).toBe(checksum({ settings: { ...settings } }));
    expect(checksum({ settings: { ...settings, threads: 3 } })).not.toBe(checksum({}));
  });

  test('asks for CPU, memory and ephemeral storage, the last with its limit as its request', () => {
    expect(at(containerOf(serviceWith().manifests()), 'resources')).toEqual({
      requests: { cpu: '250m', memory: '256Mi', 'ephemeral-storage': '512Mi' },
      limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '512Mi' },
    });
  });

  test('goes onto its placement’s nodes, and there apart from its like', () => {
    const pool = { labels: { pool: 'fast' }, taints: { reserved: 'fast' } };
    const nodePools = { ...platform.nodePools, [translator.placement]: pool };
    const { manifests } = serviceWith({ platform: { ...platform, nodePools } });
    const spec = at(find(manifests(), 'Deployment'), 'spec.template.spec');

    expect(spec).toMatchObject({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'In', values: ['fast'] }] }],
          },
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { podAffinityTerm: { topologyKey: 'kubernetes.io/hostname' } },
          ],
        },
      },
      tolerations: [{ key: 'reserved', operator: 'Equal', value: 'fast', effect: 'NoSchedule' }],
    });
    expect(at(spec, 'topologySpreadConstraints')).toMatchObject([
      { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 1 },
      { topologyKey: 'kubernetes.io/hostname', maxSkew: 1 },
    ]);
    // A canary took a zone from the stable release, whose three pods then stood in two.
    expect(at(spec, 'topologySpreadConstraints.0.matchLabelKeys')).toEqual(['pod-template-hash']);
  });

  test('goes on serving while nodes forget it, and then has the time that its work takes', () => {
    const spec = at(find(serviceWith({ drainSeconds: 30 }).manifests(), 'Deployment'), 'spec.template.spec');
    expect(at(spec, 'containers.0.lifecycle')).toEqual({ preStop: { sleep: { seconds: 5 } } });
    expect(at(spec, 'terminationGracePeriodSeconds')).toBe(40);
  });

  test('has an identity of its own, without a token unless it may do something with it', () => {
    const without = serviceWith().manifests();
    expect(find(without, 'ServiceAccount')).toMatchObject({
      metadata: { name: 'translator' },
      automountServiceAccountToken: false,
    });
    expect(at(find(without, 'Deployment'), 'spec.template.spec')).toMatchObject({
      serviceAccountName: 'translator',
      automountServiceAccountToken: false,
    });
    expect(JSON.stringify(without)).not.toContain('serviceAccountToken"');

    const permissions = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
    const allowed = serviceWith({ permissions }).manifests();
    expect(find(allowed, 'Role')).toMatchObject({ rules: permissions });
    expect(find(allowed, 'RoleBinding')).toMatchObject({ subjects: [{ name: 'translator', namespace: 'team' }] });
    expect(JSON.stringify(allowed)).toContain('{"serviceAccountToken":{"expirationSeconds":3600,"path":"token"}}');
  });

  test('puts a new pod in place before an old one goes, and keeps old ones’ templates to go back to', () => {
    const { strategy, revisionHistoryLimit } = find(serviceWith().manifests(), 'Deployment').spec as Record<
      string,
      unknown
    >;
    expect(strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } });
    expect(revisionHistoryLimit).toBe(5);
  });

  test('lets a quarter of its pods, and always one, be moved at a time', () => {
    expect(find(serviceWith().manifests(), 'PodDisruptionBudget')).toMatchObject({ spec: { maxUnavailable: '25%' } });
  });

  test('gets an outside address and keeps clients on their pod only where asked', () => {
    const { manifests } = serviceWith({ loadBalancer: true, clientAffinitySeconds: 3600 });
    expect(at(find(manifests(), 'Service'), 'spec')).toMatchObject({
      type: 'LoadBalancer',
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 3600 } },
    });
    expect(at(find(serviceWith().manifests(), 'Service'), 'spec.sessionAffinity')).toBeUndefined();
  });

  test('names the construct whose settings are wrong', () => {
    expect(() => serviceWith({ settings: { ...translatorProps.settings, threads: 0 } })).toThrow(
      /test\/translator\/v1.*\n.*THREADS/,
    );
  });
});

describe('a second release', () => {
  test('stands beside the stable one, under the same Service and identity', () => {
    const { service, manifests } = serviceWith();
    service.addRelease({ ...translatorProps, version: 'v2', image: { ...image, tag: '4.0.0' } });

    const canary = find(manifests(), 'Deployment', 'translator-v2');
    expect(at(canary, 'spec.template.spec.containers.0.image')).toContain(':4.0.0@');
    expect(at(canary, 'spec.template.spec.serviceAccountName')).toBe('translator');
    expect(at(canary, 'spec.selector.matchLabels.version')).toBe('v2');
    expect(manifests().filter(({ kind }) => kind === 'Service' || kind === 'ServiceAccount')).toHaveLength(2);
  });

  test('needs a version of its own', () => {
    const { service } = serviceWith();
    expect(() => service.addRelease({ ...translatorProps })).toThrow(/"v1" is there already/);
  });

  test('changes nothing of the stable one', () => {
    const before = find(serviceWith().manifests(), 'Deployment', 'translator');
    const { service, manifests } = serviceWith();
    service.addRelease({ ...translatorProps, version: 'v2' });
    expect(find(manifests(), 'Deployment', 'translator')).toEqual(before);
  });
});

describe('the number of replicas', () => {
  test('is left out where an autoscaler has it, so that no apply resets it', () => {
    const { chart, service, manifests } = serviceWith({ replicas: 'autoscaled' });
    new Autoscaler(chart, 'autoscaler', {
      release: service.stable,
      minReplicas: 2,
      maxReplicas: 4,
      cpuPercent: 70,
      memoryPercent: 80,
      behavior,
    });
    expect(at(find(manifests(), 'Deployment'), 'spec.replicas')).toBeUndefined();
    expect(at(find(serviceWith({ replicas: 3 }).manifests(), 'Deployment'), 'spec.replicas')).toBe(3);
  });

  test('cannot be left to an autoscaler that is not there', () => {
    expect(() => serviceWith({ replicas: 'autoscaled' }).manifests()).toThrow(/no Autoscaler has this release/);
  });
});

describe('LlmWorker', () => {
  test('has no Service, but a port for probes and metrics', () => {
    const chart = emptyChart();
    new LlmWorker(chart, 'worker', { ...translatorProps, platform, drainSeconds: 300 });
    const manifests = manifestsIn(chart);

    expect(manifests.map(({ kind }) => kind)).not.toContain('Service');
    expect(at(containerOf(manifests), 'ports')).toEqual([{ name: 'http', containerPort: 7000, protocol: 'TCP' }]);
    expect(at(find(manifests, 'Deployment'), 'spec.template.spec')).toMatchObject({
      terminationGracePeriodSeconds: 305,
    });
    expect(at(containerOf(manifests), 'lifecycle')).toBeUndefined();
  });
});
