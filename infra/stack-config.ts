import * as z from 'zod';
import { textAt } from '../constructs/check/field.js';
import type { SecretRef } from '../constructs/index.js';
import type { EnvironmentConfig, Manifests } from '../stacks/index.js';
import { awsConfig, awsFields } from './aws/aws-config.js';
import { awsEnvironmentProblems } from './aws/aws-environment-problems.js';
import { isMade } from './aws/made-secrets.js';
import { type SecretValues, secretProblems } from './environment-secrets.js';
import { StackConfigError, type StackConfigProblem, schemaProblems } from './stack-config-error.js';
import { TARGETS, type Target } from './target.js';

/** A stack's name and its configuration, as Pulumi hands them over: every value a text, secrets in clear. */
export interface StackValues {
  readonly stack: string;
  /** By key, without the project's name before it. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys that stand encrypted in the stack's file. */
  readonly secretKeys: ReadonlySet<string>;
}

/** What a stack brings up. */
export interface StackConfig {
  readonly environment: string;
  readonly target: Target;
  /** What the environment's Secrets hold; undefined where something in the cluster makes them. */
  readonly secrets: SecretValues | undefined;
  /** Whether an update waits until pods are ready and Services have endpoints. */
  readonly waitForReady: boolean;
  /** Whether objects that stand in the cluster already are taken over rather than refused. */
  readonly adopt: boolean;
}

const toggle = z.enum(['true', 'false']).transform((text) => text === 'true');

const fields = z.strictObject({
  /** @default the stack's name */
  environment: z.string(),
  target: z.enum(TARGETS),
  /** What is asked of AWS, where that is the target. */
  aws: awsFields.optional(),
  context: z.string().min(1).optional(),
  kubeconfig: z.string().min(1).optional(),
  /** Who makes the environment's Secrets: this program from its configuration, or an operator in the cluster. */
  secretsFrom: z.enum(['config', 'cluster']).default('config'),
  secrets: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  waitForReady: toggle.default(true),
  adopt: toggle.default(false),
});

/** Keys whose values nobody else may read. */
const SECRET_KEYS = ['kubeconfig', 'secrets'];

/** The environments that a stack may name: of each, the keys of the Secrets that its pods wait for, and what it is made from. */
export type KnownEnvironments = ReadonlyMap<string, () => Pick<Manifests, 'requiredSecrets' | 'config'>>;

/**
 * Reads a stack's configuration.
 *
 * @throws {StackConfigError} naming every bad key.
 */
export function parseStackConfig(
  { stack, values, secretKeys }: StackValues,
  environments: KnownEnvironments,
): StackConfig {
  const { input, problems: unreadable } = decoded({ environment: stack, ...values });
  const parsed = fields.safeParse(input, { jitless: true });
  const known = environments.get(String(input.environment))?.();
  const problems = [
    ...unreadable,
    ...(known === undefined ? [unknownEnvironment(String(input.environment), environments)] : []),
    ...schemaProblems(parsed.error?.issues ?? [], input, new Set([...SECRET_KEYS, ...secretKeys])),
    ...clusterProblems(values),
    ...awsProblems(input, known?.config),
    ...SECRET_KEYS.filter((key) => key in values && !secretKeys.has(key)).map(unprotected),
    ...(known && unreadable.length === 0 ? secretProblems(input, fromConfig(input, known.requiredSecrets)) : []),
  ];
  if (!parsed.success || problems.length > 0) throw new StackConfigError(stack, problems);
  const { environment, secretsFrom, secrets = {}, waitForReady, adopt } = parsed.data;
  return {
    environment,
    target: targetOf(parsed.data),
    secrets: secretsFrom === 'config' ? secrets : undefined,
    waitForReady,
    adopt,
  };
}

function targetOf({ aws, context, kubeconfig }: z.output<typeof fields>): Target {
  if (aws) return { kind: 'aws', aws: awsConfig(aws) };
  return {
    kind: 'kubernetes',
    ...(context !== undefined && { context }),
    ...(kubeconfig !== undefined && { kubeconfig }),
  };
}

/** On AWS the program makes the stores, and with them their passwords. */
function fromConfig({ target }: Input, required: readonly SecretRef[]): readonly SecretRef[] {
  return target === 'aws' ? required.filter((ref) => !isMade(ref)) : required;
}

function unknownEnvironment(name: string, environments: KnownEnvironments): StackConfigProblem {
  const allowed = `is no environment. There are: ${[...environments.keys()].join(', ')}`;
  return { key: 'environment', value: JSON.stringify(name), allowed };
}

/** What a structure, which Pulumi hands over as JSON, is set by. */
const STRUCTURES = {
  secrets: { shown: '(secret)', example: '--path --secret secrets.redis.password' },
  aws: { shown: undefined, example: "--path 'armature:aws.region'" },
} as const;

type Input = Readonly<Record<string, unknown>>;

function decoded(values: Readonly<Record<string, string>>): {
  readonly input: Input;
  readonly problems: readonly StackConfigProblem[];
} {
  const input: Record<string, unknown> = { ...values };
  const problems: StackConfigProblem[] = [];
  for (const [key, { shown, example }] of Object.entries(STRUCTURES)) {
    const text = values[key];
    if (text === undefined) continue;
    try {
      input[key] = JSON.parse(text);
    } catch {
      delete input[key];
      const allowed = `must be a structure. Fix: set each key with --path, such as ${example}`;
      problems.push({ key, value: shown ?? JSON.stringify(text), allowed });
    }
  }
  return { input, problems };
}

/** What is wrong between the target and the rest of the configuration. */
function awsProblems(
  { target, aws, context, kubeconfig, secretsFrom }: Input,
  environment: EnvironmentConfig | undefined,
): readonly StackConfigProblem[] {
  if (target !== 'aws') {
    const allowed = 'is of the target "aws" alone';
    return aws === undefined ? [] : [{ key: 'aws', value: '(set)', allowed }];
  }
  const others = { context, kubeconfig, secretsFrom: secretsFrom === 'cluster' ? secretsFrom : undefined };
  const allowed =
    'is of the target "kubernetes" alone: on aws the program makes the cluster, and the passwords of its stores';
  return [
    ...Object.entries(others)
      .filter(([, value]) => value !== undefined)
      .map(([key]) => ({ key, value: '(set)', allowed })),
    ...(aws === undefined ? [missingAws] : []),
    ...(environment ? awsEnvironmentProblems(environment, textAt(aws, 'broker') ?? 'in-cluster') : []),
  ];
}

const missingAws: StackConfigProblem = {
  key: 'aws',
  value: '(missing)',
  allowed: `must say what is asked of AWS. Fix: pulumi config set ${STRUCTURES.aws.example} eu-central-1, and see docs/how-to/aws.md`,
};

/** Whatever context is current by chance is no place to deploy to. */
function clusterProblems({ target, context, kubeconfig }: StackValues['values']): readonly StackConfigProblem[] {
  if (target !== 'kubernetes' || context !== undefined || kubeconfig !== undefined) return [];
  const allowed =
    'must name the cluster: a context of your kubeconfig (kubectl config get-contexts), or kubeconfig as a secret in its place';
  return [{ key: 'context', value: '(missing)', allowed }];
}

function unprotected(key: string): StackConfigProblem {
  const allowed = `must be encrypted. Fix: pulumi config rm armature:${key}, then set it again with --secret; what was in clear is no secret any more, so change it`;
  return { key, value: '(in clear)', allowed };
}
