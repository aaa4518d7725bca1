import type { PolicyResource, StackValidationPolicy } from '@pulumi/policy';
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
  const resources = registrations.map(policyResource);
  const violations: Violation[] = [];
  for (const { name, validateStack } of policies) {
    const args = { resources, stackTags: new Map(), getConfig: <T>() => ({}) as T, notApplicable: refuse };
    await validateStack(args, (message, urn) => violations.push({ policy: name, message, urn }));
  }
  return violations;
}

function policyResource({ type, name, urn, inputs, protect, ignoreChanges }: Registration): PolicyResource {
  return {
    type,
    name,
    urn,
    props: { ...inputs },
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
