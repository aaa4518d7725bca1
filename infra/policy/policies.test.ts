import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Rule, rules } from '../../constructs/index.js';
import { program } from '../program.js';
import { type Registration, recordedRun } from '../recorded-run.fixture.js';
import { stackRun } from '../stack-files.fixture.js';
import { awsPolicies } from './aws/index.js';
import { policies } from './policies.js';
import { stackVerdict } from './stack-verdict.fixture.js';

let production: readonly Registration[];
beforeAll(async () => {
  production = (await recordedRun(() => program(), stackRun('production'))).registrations;
});

describe('every policy', () => {
  test('has a name of its own, says why, and how it is mended', () => {
    expect(new Set(policies.map(({ name }) => name)).size).toBe(policies.length);
    for (const { description, remediationSteps } of policies) {
      expect(description.length).toBeGreaterThan(10);
      expect(remediationSteps?.length).toBeGreaterThan(10);
    }
  });

  test("is the kit's own rule, as strict as there, or says something of resources", () => {
    const own = policies.filter(({ name }) => !rules.some(({ id }) => id === name));
    expect(own.map(({ name }) => name)).toEqual(['protected-data', ...awsPolicies.map(({ name }) => name)]);
    const left = rules.filter(({ id }) => !policies.some(({ name }) => name === id));
    expect(left.map(({ id }) => id)).toEqual(['secret-in-manifests', 'secret-encoding', 'secret-line-break']);
    const level = ({ id, severity }: Rule) => [id, severity === 'error' ? 'mandatory' : 'advisory'];
    const levels = new Map(policies.map(({ name, enforcementLevel }) => [name, enforcementLevel]));
    expect(rules.filter(({ id }) => levels.has(id)).map(({ id }) => [id, levels.get(id)])).toEqual(
      rules.filter(({ id }) => levels.has(id)).map(level),
    );
  });
});

describe('a fault in production is found, with the resource that has it:', () => {
  const broken = (name: string, kind: string, change: (one: Registration) => Registration) => {
    const found = production.filter((one) => one.name === name && one.type.endsWith(`:${kind}`));
    expect(found).toHaveLength(1);
    return { urn: found[0]?.urn, registrations: production.map((one) => (one === found[0] ? change(one) : one)) };
  };
  const withSpec = (one: Registration, spec: object): Registration => ({
    ...one,
    inputs: { ...one.inputs, spec: { ...(one.inputs.spec as object), ...spec } },
  });

  test('data that is not protected', async () => {
    const { urn, registrations } = broken('armature/rabbitmq', 'StatefulSet', (one) => ({ ...one, protect: false }));
    expect(await stackVerdict(policies, registrations)).toEqual([
      { policy: 'protected-data', message: 'armature/rabbitmq holds data and is not protected.', urn },
    ]);
  });

  test('the namespace of data that is not protected', async () => {
    const { urn, registrations } = broken('armature', 'Namespace', (one) => ({ ...one, protect: false }));
    expect(await stackVerdict(policies, registrations)).toMatchObject([{ policy: 'protected-data', urn }]);
  });

  test('a Service that selects nothing', async () => {
    const { urn, registrations } = broken('armature/memory', 'Service', (one) =>
      withSpec(one, { selector: { app: 'gone' } }),
    );
    expect(await stackVerdict(policies, registrations)).toContainEqual(
      expect.objectContaining({ policy: 'dangling-service', urn, message: expect.stringContaining('Fix:') }),
    );
  });

  test('an autoscaler whose floor is one replica', async () => {
    const { urn, registrations } = broken('armature/chat', 'HorizontalPodAutoscaler', (one) =>
      withSpec(one, { minReplicas: 1 }),
    );
    expect(await stackVerdict(policies, registrations)).toContainEqual(
      expect.objectContaining({ policy: 'hpa-minimum-replicas', urn }),
    );
  });

  test('a Secret that is gone', async () => {
    const registrations = production.filter(
      ({ name, type }) => !(name === 'armature/rabbitmq' && type.endsWith(':Secret')),
    );
    expect(registrations).toHaveLength(production.length - 1);
    const found = await stackVerdict(policies, registrations);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ message }) => message.includes('rabbitmq'))).toBe(true);
  });
});
