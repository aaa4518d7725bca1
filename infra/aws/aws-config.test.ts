import { describe, expect, test } from '@jest/globals';
import { local, parseEnvironmentConfig, production } from '../../stacks/index.js';
import { awsConfig, awsFields } from './aws-config.js';
import { awsEnvironmentProblems } from './aws-environment-problems.js';

const least = { region: 'eu-central-1', hostedZoneId: 'Z0123456789EXAMPLE', budget: { email: 'team@example.com' } };
const read = (own: object = {}) => awsConfig(awsFields.parse({ ...least, ...own }));

describe('a configuration', () => {
  test('that says little survives the loss of a zone, and is reached from inside alone', () => {
    expect(read()).toMatchObject({
      zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
      size: { nat: 'per-zone', database: { multiAz: true }, cache: { nodes: 3 }, broker: { isCluster: true } },
      apiCidrs: [],
      broker: 'in-cluster',
      imageFrom: 'environment',
      budget: { monthlyUsd: 6_000 },
    });
  });

  test('may be small, and still choose', () => {
    const { size, budget } = read({ size: 'small', nat: 'per-zone', budget: { ...least.budget, monthlyUsd: 90 } });
    expect([size.nat, size.database.multiAz, size.interfaceEndpoints]).toEqual(['per-zone', false, false]);
    expect(budget.monthlyUsd).toBe(90);
  });

  test('without a way out reaches the APIs of AWS inside', () => {
    expect(read({ size: 'small', nat: 'none' }).size.interfaceEndpoints).toBe(true);
  });

  test.each([
    ['zones', ['eu-central-1a', 'eu-central-1a', 'eu-central-1b'], 'must differ'],
    ['zones', ['eu-central-1a'], 'must be 3 availability zones'],
    ['region', 'eu-nowhere-9', 'is a region whose certificates of RDS are not known'],
    ['vpcCidr', '10.0.0.0/20', 'must be a private /16'],
    ['admins', ['admin'], 'must be the ARN of an IAM role or user'],
    ['apiCidrs', ['0.0.0.0/0'], 'must not be open to everybody'],
    ['apiCidrs', ['0.0.0.0/1', '128.0.0.0/1'], 'must not be open to everybody'],
    ['hostedZoneId', 'example.com', 'must be the id of a hosted zone'],
  ])('whose %s is %j is refused', (key, value, message) => {
    const { error } = awsFields.safeParse({ ...least, [key]: value });
    expect(error?.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`)).toEqual([
      expect.stringContaining(`${key} ${message}`),
    ]);
  });
});

describe('an environment', () => {
  const problems = (config: Parameters<typeof parseEnvironmentConfig>[0], broker = 'in-cluster') =>
    awsEnvironmentProblems(parseEnvironmentConfig(config), broker).map(({ key, allowed }) => `${key} ${allowed}`);

  test('with the mesh and its entrance fits', () => {
    expect(problems(production)).toEqual([]);
  });

  test('without either does not', () => {
    expect(problems(local)).toEqual([
      expect.stringContaining('environment must have Istio for its mesh and its entrance'),
    ]);
  });

  test('that scales by its queues may have them with Amazon MQ', () => {
    expect(problems(production, 'amazon-mq')).toEqual([]);
  });
});
