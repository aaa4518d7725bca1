import { describe, expect, test } from '@jest/globals';
import { Backups, Mesh, ObjectStore, PublicIngress, Redis } from '../constructs/index.js';
import { EnvironmentConfigError, parseEnvironmentConfig } from './environment-config.js';
import { production } from './environments/index.js';
import { Scaling } from './scaling.js';
import { secrets } from './secret-names.js';

function problemsOf(config: unknown) {
  try {
    parseEnvironmentConfig(config);
  } catch (error) {
    if (error instanceof EnvironmentConfigError) return error;
    throw error;
  }
  throw new Error('The config was accepted.');
}

describe('the config of an environment', () => {
  test('tells every bad value at once: where, what it is, what is allowed', () => {
    const error = problemsOf({
      ...production,
      name: 'Production!',
      controlPlaneCidrs: ['10.0.0.0/99'],
      image: { ...production.image, tag: 'latest' },
      resources: { ...production.resources, memory: { request: '512 MB', limit: '2Gi' } },
      scaling: { ...production.scaling, cpuPercent: 170 },
    });

    expect(error.problems.map(({ path, value }) => [path, value])).toEqual([
      ['name', 'Production!'],
      ['image.tag', 'latest'],
      ['controlPlaneCidrs.0', '10.0.0.0/99'],
      ['resources.memory.request', '512 MB'],
      ['scaling.cpuPercent', 170],
    ]);
    expect(error.message).toContain('Environment "Production!": 5 bad values');
    expect(error.message).toContain('resources.memory.request: "512 MB" must be memory or storage in binary units');
    expect(error.message).toContain('image.tag: "latest" must be a version tag');
  });

  test('tells what is missing, and what nobody reads', () => {
    const { region: _, ...rest } = production;
    const error = problemsOf({ ...rest, regoin: 'eu-central-1' });
    expect(error.problems.map(({ path }) => path).sort()).toEqual(['region', 'regoin']);
    expect(error.message).toContain('region: (missing)');
    expect(error.message).toContain('regoin: "eu-central-1" is no known key here');
  });

  test('refuses an entrance that the mesh would not let in', () => {
    const ingress = PublicIngress.nginx({
      host: 'llm.example.com',
      clusterIssuer: 'letsencrypt',
      requestsPerSecond: 50,
      connections: 20,
    });
    expect(problemsOf({ ...production, ingress }).problems).toMatchObject([
      { path: 'ingress', allowed: expect.stringContaining('is ingress-nginx, which is no member of the mesh') },
    ]);
  });

  test('names a bad value inside a choice by its full path', () => {
    const redis = {
      ...Redis.inCluster({
        topology: Redis.standalone(),
        storage: '1Gi',
        resources: production.resources,
        backups: Backups.none('a test'),
        password: production.redis.password,
      }),
    };
    expect(problemsOf({ ...production, redis: { ...redis, storage: '1GB' } }).problems).toMatchObject([
      { path: 'redis.storage', value: '1GB' },
    ]);
  });

  test('keeps no backup of the object store in the object store', () => {
    const { objectStore } = production;
    const inCluster = ObjectStore.inCluster({
      storage: '1Gi',
      resources: production.resources,
      backups: Backups.daily({ at: '02:00', keepDays: 7 }),
      bucket: objectStore.bucket,
      ...secrets.objectStore,
    });
    expect(problemsOf({ ...production, objectStore: inCluster }).message).toMatch(
      /objectStore.backups: .* would be kept in the store that they save: use BackupTarget.managed/,
    );
  });

  test('has no floor above a ceiling', () => {
    const error = problemsOf({
      ...production,
      scaling: Scaling.autoscaled({ maxReplicas: 4 }),
      services: { worker: { minReplicas: 9 } },
    });
    expect(error.problems.map(({ path }) => path)).toEqual(['services.rag', 'services.worker']);
    expect(error.message).toContain('has a floor of 5 replicas above its ceiling of 4');
  });

  test('is refused bounds of replicas where nothing scales, and a number of them where an autoscaler decides', () => {
    const fixed = { ...production, scaling: Scaling.fixed(2, 'a test'), services: { rag: { minReplicas: 8 } } };
    expect(problemsOf(fixed).message).toContain('services.rag.minReplicas: 8 bounds an autoscaler, and nothing scales');
    const scaled = { ...production, services: { rag: { replicas: 8 } } };
    expect(problemsOf(scaled).message).toContain('services.rag.replicas: 8 is for environments where nothing scales');
  });

  test('has a canary only where a proxy can split the requests, and of a service that is called inside', () => {
    expect(problemsOf({ ...production, mesh: Mesh.none('a test') }).message).toMatch(
      /canary: .*needs a proxy at each caller/,
    );
    const gateway = { ...production.canary, service: 'gateway' };
    expect(problemsOf({ ...production, canary: gateway }).message).toMatch(/gateway is called from outside the mesh/);
  });

  test('needs a node pool for every placement, and an image for every part', () => {
    const { isolated: _, ...nodePools } = production.nodePools;
    const { qdrant: __, ...thirdPartyImages } = production.thirdPartyImages;
    expect(problemsOf({ ...production, nodePools, thirdPartyImages }).problems.map(({ path }) => path)).toEqual([
      'thirdPartyImages.qdrant',
      'nodePools.isolated',
    ]);
  });

  test.each([undefined, null, 'production', 7, []])('that is none at all is refused in words: %j', (config) => {
    expect(problemsOf(config).message).toMatch(/^Environment "without a name": 1 bad value/);
  });
});
