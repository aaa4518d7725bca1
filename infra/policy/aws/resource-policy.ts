import type { StackValidationPolicy } from '@pulumi/policy';

/** A resource as a policy looks at it. */
export interface AwsResource {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** What its provider was made with. */
  readonly provider: Readonly<Record<string, unknown>>;
}

export interface ResourcePolicy extends Pick<StackValidationPolicy, 'name' | 'description'> {
  readonly remediationSteps: string;
  /** What is wrong with one resource, among all of the stack. */
  readonly faults: (resource: AwsResource, all: readonly AwsResource[]) => readonly string[];
}

/** A mandatory policy that looks at each resource of AWS, and what else the stack has. */
export function resourcePolicy({ faults, ...policy }: ResourcePolicy): StackValidationPolicy {
  return {
    ...policy,
    enforcementLevel: 'mandatory',
    validateStack: ({ resources }, report) => {
      const all = resources.map(({ type, name, props, provider }) => ({
        ...{ type, name, props },
        provider: provider?.props ?? {},
      }));
      resources.forEach(({ urn }, i) => {
        const resource = all[i] as AwsResource;
        for (const fault of faults(resource, all)) report(`${resource.name} ${fault}.`, urn);
      });
    },
  };
}
