import * as z from 'zod';
import type { SecretRef } from '../constructs/index.js';
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
  target: z.enum(TARGETS).refine((target) => target !== 'aws', {
    error: 'is not built yet. Fix: "kubernetes", with a context of your kubeconfig that reaches the cluster',
  }),
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

/** The environments that a stack may name: of each, the keys of the Secrets that its pods wait for. */
export type KnownEnvironments = ReadonlyMap<string, () => readonly SecretRef[]>;

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
  const requiredSecrets = environments.get(String(input.environment));
  const problems = [
    ...unreadable,
    ...(requiredSecrets === undefined ? [unknownEnvironment(String(input.environment), environments)] : []),
    ...schemaProblems(parsed.error?.issues ?? [], input, new Set([...SECRET_KEYS, ...secretKeys])),
    ...clusterProblems(values),
    ...SECRET_KEYS.filter((key) => key in values && !secretKeys.has(key)).map(unprotected),
    ...(requiredSecrets && unreadable.length === 0 ? secretProblems(input, requiredSecrets()) : []),
  ];
  if (!parsed.success || problems.length > 0) throw new StackConfigError(stack, problems);
  const { environment, context, kubeconfig, secretsFrom, secrets = {}, waitForReady, adopt } = parsed.data;
  return {
    environment,
    target: {
      kind: 'kubernetes',
      ...(context !== undefined && { context }),
      ...(kubeconfig !== undefined && { kubeconfig }),
    },
    secrets: secretsFrom === 'config' ? secrets : undefined,
    waitForReady,
    adopt,
  };
}

function unknownEnvironment(name: string, environments: KnownEnvironments): StackConfigProblem {
  const allowed = `is no environment. There are: ${[...environments.keys()].join(', ')}`;
  return { key: 'environment', value: JSON.stringify(name), allowed };
}

/** `secrets` is a structure, which Pulumi hands over as JSON. */
function decoded(values: Readonly<Record<string, string>>): {
  readonly input: Readonly<Record<string, unknown>>;
  readonly problems: readonly StackConfigProblem[];
} {
  if (values.secrets === undefined) return { input: values, problems: [] };
  try {
    return { input: { ...values, secrets: JSON.parse(values.secrets) }, problems: [] };
  } catch {
    const { secrets: _, ...others } = values;
    const allowed =
      'must be a structure. Fix: set each key with --path, such as --path --secret secrets.redis.password';
    return { input: others, problems: [{ key: 'secrets', value: '(secret)', allowed }] };
  }
}

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
