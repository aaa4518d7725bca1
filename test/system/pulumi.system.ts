import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type EnvironmentClass, Local, manifestsOf, Staging } from '../../stacks/index.js';
import { at, find, type Manifest } from '../support/cluster.js';
import { prerequisites } from './apply-in-order.js';
import { ControlPlane } from './control-plane.js';
import { PulumiCommand } from './pulumi-command.js';
import { customResourceDefinitions } from './tools.js';

const staging = manifestsOf(Staging);
const objects = staging.objects as readonly Manifest[];
const chat = find(objects, 'Deployment', 'chat');
/** What the canary controller applies: the kit's objects say nothing of it. */
const moved: Manifest = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'chat-canary', namespace: staging.namespace },
  spec: {
    http: [{ route: [70, 30].map((weight, i) => ({ destination: { host: 'chat', subset: `v${i + 1}` }, weight })) }],
  },
};

let server: ControlPlane;
let pulumi: PulumiCommand;

beforeAll(async () => {
  server = await ControlPlane.start();
  await server.define(customResourceDefinitions());
  await server.applyAll(prerequisites);
  // Pulumi deletes in the foreground, and waits: what nobody collects would stay, marked, until it gave up.
  const config = server.kubeconfig('collector', server.tokenOf('admin'));
  server.run('kube-controller-manager', [
    ...['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map((flag) => `--${flag}=${config}`),
    ...['--controllers=garbage-collector-controller', '--secure-port=0', '--leader-elect=false'],
    '--flex-volume-plugin-dir=none',
  ]);
  pulumi = new PulumiCommand(server.kubeconfig('pulumi', server.tokenOf('admin')));
});
afterAll(async () => {
  pulumi?.remove();
  await server?.stop();
});

const secretsOf = (Environment: EnvironmentClass) => manifestsOf(Environment).requiredSecrets;
const exists = async (object: Manifest) => (await server.get(object)).status === 200;

test('up makes every object, and a preview after it finds nothing to change', async () => {
  await pulumi.init('staging', secretsOf(Staging));
  await pulumi.run('up', '--yes', '--skip-preview');
  for (const object of objects)
    expect([object.kind, object.metadata.name, await exists(object)]).toEqual([
      object.kind,
      object.metadata.name,
      true,
    ]);
  await pulumi.run('preview', '--expect-no-changes');
});

test('replicas that an autoscaler set and weights that a canary controller moved outlive the next update', async () => {
  await server.patch(chat, { spec: { replicas: 7 } }, '/scale');
  expect((await server.apply(moved)).status).toBe(201);
  pulumi.release = '1.0.1';
  await pulumi.run('up', '--yes', '--skip-preview');
  const { body } = await server.get(chat);
  expect(at(body, 'spec.replicas')).toBe(7);
  expect(JSON.stringify(at(body, 'spec.template'))).toContain(':1.0.1');
  expect(at((await server.get(moved)).body, 'spec')).toEqual(moved.spec);
});

test('a second environment stands beside the first', async () => {
  await pulumi.init('beside', secretsOf(Local));
  await pulumi.run('up', '--yes', '--skip-preview', '--stack', 'beside');
  const beside = { ...chat, metadata: { name: 'chat', namespace: 'beside' } };
  expect([await exists(chat), await exists(beside)]).toEqual([true, true]);
});

test('destroy refuses while data is protected, and then leaves what holds data, and its namespace', async () => {
  await expect(pulumi.run('destroy', '--yes', '--stack', 'staging')).rejects.toThrow('protect');
  await pulumi.run('state', 'unprotect', '--all', '--yes', '--stack', 'staging');
  await pulumi.run('destroy', '--yes', '--stack', 'staging');
  const left: string[] = [];
  for (const object of objects) if (await exists(object)) left.push(`${object.kind} ${object.metadata.name}`);
  const stores = objects
    .filter(({ kind }) => kind === 'StatefulSet')
    .map(({ metadata }) => `StatefulSet ${metadata.name}`);
  expect(left.sort()).toEqual([`Namespace ${staging.namespace}`, ...stores].sort());
});
