import { describe, expect, test } from '@jest/globals';
import { parseEnvironmentConfig, staging as stagingInput } from '../stacks/index.js';
import { parseStackConfig, type StackConfig } from './stack-config.js';

const staging = parseEnvironmentConfig(stagingInput);
const required = () => [
  { secret: 'redis', key: 'password' },
  { secret: 'tls', key: 'tls.crt' },
];
const known = () => ({ requiredSecrets: required(), config: staging });
const environments = new Map([
  ['dev', known],
  ['staging', known],
]);
const secrets = JSON.stringify({ redis: { password: 'hunter2' }, tls: { 'tls.crt': 'pem' } });
const good = { target: 'kubernetes', context: 'kind-kind', secrets };

function parse(
  values: Readonly<Record<string, string>>,
  secretKeys = ['secrets', 'kubeconfig'],
  stack = 'staging',
): StackConfig {
  return parseStackConfig({ stack, values, secretKeys: new Set(secretKeys) }, environments);
}

function complaint(...args: Parameters<typeof parse>): string {
  try {
    parse(...args);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('a good configuration', () => {
  test('says what goes where', () => {
    expect(parse(good)).toEqual({
      environment: 'staging',
      target: { kind: 'kubernetes', context: 'kind-kind' },
      secrets: { redis: { password: 'hunter2' }, tls: { 'tls.crt': 'pem' } },
      waitForReady: true,
      adopt: false,
    });
  });

  test('may name another environment than the stack is called', () => {
    expect(parse({ ...good, environment: 'dev' }, undefined, 'berlin').environment).toBe('dev');
  });

  test('may bring a kubeconfig in the place of a context', () => {
    const { context: _, ...others } = good;
    expect(parse({ ...others, kubeconfig: 'apiVersion: v1' }).target).toEqual({
      kind: 'kubernetes',
      kubeconfig: 'apiVersion: v1',
    });
  });

  test('may leave the Secrets to an operator in the cluster', () => {
    const { secrets: _, ...others } = good;
    expect(parse({ ...others, secretsFrom: 'cluster' }).secrets).toBeUndefined();
  });

  test('may wait for nothing and take over what stands', () => {
    expect(parse({ ...good, waitForReady: 'false', adopt: 'true' })).toMatchObject({
      waitForReady: false,
      adopt: true,
    });
  });
});

describe('a bad configuration', () => {
  test('is told with all its bad keys at once, and none of its secrets', () => {
    const message = complaint(
      {
        environment: 'prod',
        target: 'gcp',
        waitForReady: 'yes',
        colour: 'blue',
        kubeconfig: 'password: hunter2',
        secrets: JSON.stringify({ redis: 'hunter2' }),
      },
      [],
    );
    expect(message.split('\n')).toEqual([
      'Configuration of stack "staging": 7 bad keys',
      '  armature:environment: "prod" is no environment. There are: dev, staging',
      '  armature:target: "gcp" invalid option: expected one of "kubernetes"|"aws"',
      '  armature:secrets.redis: (secret) invalid input: expected record, received string',
      '  armature:waitForReady: "yes" invalid option: expected one of "true"|"false"',
      '  armature:colour: "blue" is no known key',
      '  armature:kubeconfig: (in clear) must be encrypted. Fix: pulumi config rm armature:kubeconfig, then set it again with --secret; what was in clear is no secret any more, so change it',
      '  armature:secrets: (in clear) must be encrypted. Fix: pulumi config rm armature:secrets, then set it again with --secret; what was in clear is no secret any more, so change it',
    ]);
    expect(message).not.toContain('hunter2');
  });

  test('shows nothing of a secret whose key is mistyped', () => {
    const message = complaint({ ...good, kubeConfig: 'token: hunter2', secret: '{"redis":"hunter2"}' }, [
      'secrets',
      'kubeConfig',
      'secret',
    ]);
    expect(message).toContain('armature:kubeConfig: (secret) is no known key');
    expect(message).toContain('armature:secret: (secret) is no known key');
    expect(message).not.toContain('hunter2');
  });

  test('says which secrets are missing and how they are set, and which nothing reads', () => {
    const message = complaint({ ...good, secrets: JSON.stringify({ redis: { password: '', user: 'hunter2' } }) });
    expect(message.split('\n')).toEqual([
      'Configuration of stack "staging": 3 bad keys',
      "  armature:secrets.redis.password: (missing) must have a value. Fix: pulumi config set --path --secret 'armature:secrets.redis.password'",
      `  armature:secrets.tls["tls.crt"]: (missing) must have a value. Fix: pulumi config set --path --secret 'armature:secrets.tls["tls.crt"]'`,
      '  armature:secrets.redis.user: (secret) is a key that nothing reads',
    ]);
  });

  test.each([
    ['without a cluster', { target: 'kubernetes', secrets }, 'armature:context: (missing) must name the cluster'],
    ['without a target', { context: 'kind-kind', secrets }, 'armature:target: (missing)'],
    ['of the other target', { ...good, target: 'aws' }, 'armature:aws: (missing) must say what is asked of AWS'],
    ['of both targets', { ...good, aws: '{}' }, 'armature:aws: (set) is of the target "aws" alone'],
    [
      'of two makers of Secrets',
      { ...good, secretsFrom: 'cluster' },
      'armature:secrets: (secret) must not be set with secretsFrom "cluster"',
    ],
    ['of secrets as one text', { ...good, secrets: 'hunter2' }, 'armature:secrets: (secret) must be a structure'],
    ['of no secrets', { target: 'kubernetes', context: 'kind-kind' }, 'armature:secrets.redis.password: (missing)'],
    ['of secrets that are a list', { ...good, secrets: '["hunter2"]' }, 'armature:secrets: (secret) invalid input'],
  ])('%s is refused', (_, values, message) => {
    expect(complaint(values)).toContain(message);
    expect(complaint(values)).not.toContain('hunter2');
  });

  test('without an environment says which there are', () => {
    expect(complaint(good, undefined, 'berlin')).toContain(
      'armature:environment: "berlin" is no environment. There are: dev, staging',
    );
  });
});
