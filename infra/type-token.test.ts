import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { environments, manifestsOf } from '../stacks/index.js';
import type { KubeManifest } from './kube-manifest.js';
import { typeToken } from './type-token.js';

const packageFolder = dirname(createRequire(import.meta.url).resolve('@pulumi/kubernetes/package.json'));

/** Every type that @pulumi/kubernetes has a class for, as its classes state it. */
const known = new Set(
  readdirSync(packageFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[a-z]+\/v\w+\/\w+\.js$/.test(path))
    .flatMap((path) => {
      const [, token] =
        /__pulumiType = '(kubernetes:[^']+)'/.exec(readFileSync(join(packageFolder, path), 'utf8')) ?? [];
      return token === undefined ? [] : [token];
    }),
);
/** Groups that it has no class of: those of custom resources. */
const isCustom = (apiVersion: string) =>
  /^[^/]+\.(istio\.io|cert-manager\.io|keda\.sh)\/|^(cert-manager\.io|keda\.sh|armature\.dev)\//.test(apiVersion);

const objects = Object.values(environments).flatMap(
  (Environment) => manifestsOf(Environment).objects as KubeManifest[],
);
const kinds = [
  ...new Map(objects.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }])).values(),
];

describe('the type token', () => {
  test('of every built-in kind of every environment is one of @pulumi/kubernetes', () => {
    const builtIn = kinds.filter(({ apiVersion }) => !isCustom(apiVersion));
    expect(builtIn.length).toBeGreaterThan(15);
    expect(known.size).toBeGreaterThan(300);
    expect(
      builtIn.map(({ apiVersion, kind }) => typeToken(apiVersion, kind)).filter((token) => !known.has(token)),
    ).toEqual([]);
  });

  test('of a custom resource is its group, version and kind, as its CustomResource class makes it', () => {
    const source = readFileSync(join(packageFolder, 'apiextensions/customResource.js'), 'utf8');
    expect(source).toMatch(/`kubernetes:\$\{args\.apiVersion\}:\$\{args\.kind\}`/);
    const custom = kinds.filter(({ apiVersion }) => isCustom(apiVersion));
    expect(custom.length).toBeGreaterThan(5);
    for (const { apiVersion, kind } of custom) {
      expect(typeToken(apiVersion, kind)).toBe(`kubernetes:${apiVersion}:${kind}`);
      expect(known).not.toContain(typeToken(apiVersion, kind));
    }
  });

  test('of the core group names it', () => {
    expect(typeToken('v1', 'ConfigMap')).toBe('kubernetes:core/v1:ConfigMap');
    expect(typeToken('apps/v1', 'Deployment')).toBe('kubernetes:apps/v1:Deployment');
  });

  test.each([
    [
      'apps',
      'Deployment',
      'apiVersion "apps" of a Deployment must be VERSION or GROUP/VERSION, such as v1 or apps/v1.',
    ],
    ['a/b/v1', 'Thing', 'apiVersion "a/b/v1"'],
    ['v1', 'config map', 'kind "config map" of v1 must be one word in CamelCase, such as ConfigMap.'],
  ])('refuses %s %s', (apiVersion, kind, message) => {
    expect(() => typeToken(apiVersion, kind)).toThrow(message);
  });
});
