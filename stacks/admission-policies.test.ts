/** The environments' own objects keep the promises that their admission policies hold later ones to. */
import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { at, find, type Manifest } from '../test/support/cluster.js';
import { ENVIRONMENT_NAMES, environments } from './environments/index.js';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly resources: object;
}

describe.each(ENVIRONMENT_NAMES)('%s', (name) => {
  const stack = new environments[name](new App({ outdir: '.' }));
  const manifests = stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
  const pods = manifests.filter((one) => at(one, 'spec.template.spec.containers') !== undefined);
  const expressionOf = (policy: string) =>
    String(
      at(
        find(manifests, 'ValidatingAdmissionPolicy', `${stack.config.namespace}-${policy}`),
        'spec.validations.0.expression',
      ),
    );

  test('runs no image without a version, and no container without requests and limits', () => {
    const [versioned, latest] = [...expressionOf('images').matchAll(/matches\('([^']+)'\)/g)].map(
      ([, pattern]) => new RegExp(pattern ?? ''),
    );
    const containers = pods.flatMap((one) =>
      ['containers', 'initContainers'].flatMap((kind) => (at(one, `spec.template.spec.${kind}`) ?? []) as Container[]),
    );
    expect(containers.length).toBeGreaterThan(8);
    for (const { image, resources } of containers) {
      expect([image, versioned?.test(image), latest?.test(image)]).toEqual([image, true, false]);
      const amounts = { cpu: expect.any(String), memory: expect.any(String) };
      expect(resources).toMatchObject({ requests: amounts, limits: amounts });
    }
  });

  test('mounts no token by itself, and one of its own only where the policy knows the account', () => {
    const known = /serviceAccountName in \[(.*)\]/.exec(expressionOf('tokens'))?.[1] ?? '';
    const accounts = known.split(', ').map((quoted) => quoted.slice(1, -1));
    const withToken = pods.filter((one) => JSON.stringify(one).includes('"serviceAccountToken"'));
    for (const pod of pods) expect(at(pod, 'spec.template.spec.automountServiceAccountToken')).toBe(false);
    const names = withToken.map((pod) => String(at(pod, 'spec.template.spec.serviceAccountName')));
    expect([...names].sort()).toEqual([...accounts].sort());
  });

  test('has no Service with an address outside the cluster', () => {
    const types = manifests.filter(({ kind }) => kind === 'Service').map((one) => at(one, 'spec.type') ?? 'ClusterIP');
    expect(new Set(types)).toEqual(new Set(['ClusterIP']));
  });
});
