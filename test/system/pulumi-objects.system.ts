import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { EngineStandIn } from '../../infra/engine-stand-in.fixture.js';
import { runHosted } from '../../infra/language-host.fixture.js';
import type { Registration } from '../../infra/recorded-run.fixture.js';
import { unmarked } from '../../infra/secret-mark.fixture.js';
import { STACKS, stackManifests, stackRun } from '../../infra/stack-files.fixture.js';
import type { Manifest } from '../support/cluster.js';
import { prerequisites } from './apply-in-order.js';
import { ControlPlane } from './control-plane.js';
import { customResourceDefinitions } from './tools.js';

let server: ControlPlane;
let engine: EngineStandIn | undefined;

beforeAll(async () => {
  server = await ControlPlane.start();
  await server.define(customResourceDefinitions());
  await server.applyAll(prerequisites);
});
afterAll(() => server?.stop());

describe.each(STACKS)('what the Pulumi program asks for in stack %s', (stack) => {
  const applied: Manifest[] = [];

  // The next one bears the same names. A namespace goes only with a controller, so it stays.
  afterEach(async () => {
    engine?.stop();
    for (const object of applied
      .filter(({ kind }) => !['Namespace', 'CustomResourceDefinition'].includes(kind))
      .toReversed())
      await server.delete(object);
  });

  test('is accepted by a real API server as soon as its dependencies stand, many at once, and without a warning', async () => {
    const complaints: string[] = [];
    engine = await EngineStandIn.start(async (registration) => {
      if (!registration.type.startsWith('kubernetes:')) return;
      const object = manifestOf(registration);
      const { status, warnings, body } = await server.apply(object);
      applied.push(object);
      if (status >= 300) complaints.push(`${registration.type} ${registration.name}: ${status} ${body.message}`);
      complaints.push(...warnings.map((warning) => `${registration.name}: ${warning}`));
    });
    const { exitCode } = await runHosted(engine, stackRun(stack));
    expect({ exitCode, errors: engine.errors, complaints }).toEqual({ exitCode: 0, errors: [], complaints: [] });

    const secrets = new Set(stackManifests(stack).requiredSecrets.map(({ secret }) => secret));
    expect(applied).toHaveLength(stackManifests(stack).objects.length + secrets.size);
    for (const object of applied) expect((await server.get(object)).status).toBe(200);
  });
});

test('the server refuses an object whose namespace does not stand yet', async () => {
  const early = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'early', namespace: 'not-yet' } };
  expect((await server.apply(early)).status).toBe(404);
});

function manifestOf({ inputs }: Registration): Manifest {
  return unmarked(inputs, (secret) => secret) as Manifest;
}
