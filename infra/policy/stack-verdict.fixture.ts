import type { PolicyResource, StackValidationPolicy } from '@pulumi/policy';
import { awsState } from '../aws/aws-state.fixture.js';
import type { Registration } from '../recorded-run.fixture.js';

/** One thing that a policy has against a stack. */
export interface Violation {
  readonly policy: string;
  readonly message: string;
  readonly urn: string | undefined;
}

/** What policies say of the resources that a program has registered. */
export async function stackVerdict(
  policies: readonly StackValidationPolicy[],
  registrations: readonly Registration[],
): Promise<readonly Violation[]> {
  const resources = registrations.map((one) => policyResource(one, registrations));
  const violations: Violation[] = [];
  for (const { name, validateStack } of policies) {
    const args = { resources, stackTags: new Map(), getConfig: <T>() => ({}) as T, notApplicable: refuse };
    await validateStack(args, (message, urn) => violations.push({ policy: name, message, urn }));
  }
  return violations;
}

function policyResource(one: Registration, all: readonly Registration[]): PolicyResource {
  const { type, name, urn, inputs, protect, ignoreChanges } = one;
  const provider = all.find((other) => one.provider.startsWith(`${other.urn}::`));
  return {
    ...(provider && { provider: { ...provider, props: { ...provider.inputs } } }),
    type,
    name,
    urn,
    // As the engine shows a resource: with what it has become.
    props: { ...awsState(type, name, inputs) },
    opts: {
      protect,
      ignoreChanges: [...ignoreChanges],
      aliases: [],
      additionalSecretOutputs: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    },
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  };
}

function refuse(reason?: string): never {
  throw new Error(`A policy calls itself not applicable: ${reason}`);
}
