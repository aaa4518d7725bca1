import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at, find, type Manifest } from '../support/cluster.js';
import { applyInOrder, prerequisites, resourceVersions } from './apply-in-order.js';
import { ControlPlane } from './control-plane.js';
import { releasedEnvironments, shippedEnvironments } from './environments.js';
import { firstPod, openQuota } from './first-pod.js';
import { customResourceDefinitions } from './tools.js';

/** What is left standing between two environments. */
const LASTING = ['Namespace', 'CustomResourceDefinition'];

const environments = [...shippedEnvironments(), ...releasedEnvironments().filter(({ name }) => name.includes('-'))];

/** The line that the other suites run too, an older and a newer one. */
const SERVERS = ['kube-apiserver', 'kube-apiserver-1.32', 'kube-apiserver-1.37'];

describe.each(SERVERS)('%s, unknown fields refused and Pod Security enforced,', (apiServer) => {
  let server: ControlPlane;

  beforeAll(async () => {
    server = await ControlPlane.start(undefined, apiServer);
    await server.define(customResourceDefinitions());
    await server.applyAll(prerequisites);
  });
  afterAll(() => server?.stop());

  describe.each(environments)('$name', ({ objects, namespace }) => {
    // The next one bears the same names. A namespace goes only with a controller, and a definition takes its time, so they stay.
    afterAll(async () => {
      for (const object of objects.filter(({ kind }) => !LASTING.includes(kind)).toReversed())
        await server.delete(object);
    });

    test('accepts every object in the order of the files, without a warning, and changes nothing at a second apply', async () => {
      expect((await applyInOrder(server, objects)).complaints).toEqual([]);
      for (const gateway of objects.filter(isOfGatewayApi)) await takeUp(server, gateway);
      // Read once more: the server itself writes the status of an APIService, right after the first apply.
      const standing = await resourceVersions(server, objects);
      expect(await applyInOrder(server, objects)).toEqual({ complaints: [], resourceVersions: standing });
    });

    test('admits a pod of every template', async () => {
      const templates = objects.filter((one) => at(one, 'spec.template.spec.containers'));
      expect(templates.length).toBeGreaterThan(10);
      await openQuota(server, find(objects, 'ResourceQuota'));
      for (const template of templates) {
        const { kind, metadata } = template;
        const path = `/api/v1/namespaces/${metadata.namespace}/pods?dryRun=All`;
        const { status, warnings, body } = await server.send('POST', path, firstPod(template));
        expect({ kind, name: metadata.name, status, warnings, message: body.message }).toEqual({
          kind,
          name: metadata.name,
          status: 201,
          warnings: [],
        });
      }
    });

    test('refuses a field that does not exist and a pod that is privileged', async () => {
      const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd', namespace }, dada: {} };
      expect((await server.apply(settings)).body.message).toContain('dada');

      const privileged = { containers: [{ name: 'root', image: 'root:1', securityContext: { privileged: true } }] };
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'root', namespace }, spec: privileged };
      expect((await server.apply(pod)).status).toBe(403);
    });
  });
});

function isOfGatewayApi({ apiVersion, kind }: Manifest): boolean {
  return kind === 'Gateway' && apiVersion.startsWith('gateway.networking.k8s.io/');
}

/** What its controller would do: a Gateway's definition has a status that says "waiting", which the server stores with the next write. */
async function takeUp(server: ControlPlane, object: Manifest): Promise<void> {
  expect((await server.patch(object, { status: { addresses: [] } }, '/status')).status).toBe(200);
}
