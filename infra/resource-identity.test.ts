import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { resourceIdentity } from './resource-identity.js';

const packageFolder = dirname(createRequire(import.meta.url).resolve('@pulumi/kubernetes/package.json'));

test('an object is known by its type, namespace and name', () => {
  const metadata = { name: 'chat', namespace: 'armature' };
  expect(resourceIdentity({ apiVersion: 'apps/v1', kind: 'Deployment', metadata })).toMatchObject({
    type: 'kubernetes:apps/v1:Deployment',
    name: 'armature/chat',
  });
});

test('what belongs to the whole cluster is known by its name alone', () => {
  const metadata = { name: 'armature' };
  expect(resourceIdentity({ apiVersion: 'v1', kind: 'Namespace', metadata })).toMatchObject({ name: 'armature' });
});

test('nothing else about an object is part of what it is known by', () => {
  const metadata = { name: 'chat', namespace: 'armature' };
  const one = resourceIdentity({ apiVersion: 'apps/v1', kind: 'Deployment', metadata });
  const changed = { ...metadata, labels: { moved: 'yes' }, annotations: { by: 'another construct' } };
  expect(resourceIdentity({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: changed, spec: {} })).toEqual(one);
});

test.each([
  ['autoscaling/v2', 'HorizontalPodAutoscaler', 'autoscaling/v2/horizontalPodAutoscaler.js'],
  ['policy/v1', 'PodDisruptionBudget', 'policy/v1/podDisruptionBudget.js'],
  ['rbac.authorization.k8s.io/v1', 'Role', 'rbac/v1/role.js'],
  ['apiregistration.k8s.io/v1', 'APIService', 'apiregistration/v1/apiservice.js'],
])(
  '%s %s may stand in a state under every version that @pulumi/kubernetes knows in that group',
  (apiVersion, kind, file) => {
    const source = readFileSync(join(packageFolder, file), 'utf8');
    const [, list = ''] = /const aliasOpts = \{ aliases: \[(.*)\] \}/.exec(source) ?? [];
    const [group] = apiVersion.split('/');
    const theirs = [...list.matchAll(/type: "([^"]+)"/g)]
      .map(([, type]) => type)
      .filter((type) => type?.includes(`:${group}/`));
    expect(theirs.length).toBeGreaterThan(0);
    const { formerTypes } = resourceIdentity({ apiVersion, kind, metadata: { name: 'one' } });
    expect(formerTypes).toEqual(expect.arrayContaining(theirs));
    expect(formerTypes).not.toContain(`kubernetes:${apiVersion}:${kind}`);
  },
);
