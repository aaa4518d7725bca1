import { expect, it } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { canary } from '../contract/index.js';
import { at, find, type Manifest } from '../test/support/cluster.js';
import { Staging } from './environments/staging.js';
import { PlatformStack } from './platform-stack.js';

const staging = new Staging(new App({ outdir: '.' })).config;
const webhooks = [
  { name: 'load-test', type: 'pre-rollout' as const, url: 'http://load.example.com:8080/run' },
  { name: 'office-hours', type: 'confirm-promotion' as const, url: 'https://gate.example.com/' },
];

function manifestsWith(own: object): Manifest[] {
  if (!staging.canary) throw new Error('staging has no canary to put webhooks on');
  const stack = new PlatformStack(new App({ outdir: '.' }), { ...staging, canary: { ...staging.canary, ...own } });
  return stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
}

it('asks for the webhooks of an environment, and lets the controller alone through to them, at their addresses', () => {
  const manifests = manifestsWith({ webhooks, webhookCidrs: ['198.51.100.0/24'] });
  expect(at(find(manifests, 'CanaryRelease'), 'spec.webhooks')).toMatchObject(webhooks);
  const opened = manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .flatMap((policy) => {
      const rules = (policy.spec as { egress?: { to: object[]; ports: { port: number }[] }[] }).egress ?? [];
      return rules
        .filter(({ to }) => JSON.stringify(to).includes('198.51.100'))
        .map((rule) => [policy.metadata.name, rule]);
    });
  expect(opened.map(([name]) => name)).toEqual(opened.map(() => canary.name));
  expect(JSON.stringify(opened)).toMatch(/"port":8080.*"port":443/);
});
