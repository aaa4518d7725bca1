import type { ReportViolation, StackValidationArgs, StackValidationPolicy } from '@pulumi/policy';
import { isMapping } from '../../constructs/check/field.js';
import { checkManifests, type Manifest, type Rule, rules } from '../../constructs/index.js';

/** Rules that mean something else of a file than of a resource. */
const NOT_HERE: Readonly<Record<string, string>> = {
  'secret-encoding': 'Pulumi hands its policies another value in the place of a Secret’s',
  'secret-line-break': 'the same',
  'secret-in-manifests': 'a Secret of the program has its values from encrypted configuration, and no file holds them',
};

/** The kit's own rules, each as a policy of the whole stack: what an object refers to may be any other resource. */
export const rulePolicies: readonly StackValidationPolicy[] = rules
  .filter(({ id }) => !(id in NOT_HERE))
  .map(rulePolicy);

function rulePolicy(rule: Rule): StackValidationPolicy {
  return {
    name: rule.id,
    description: rule.why,
    enforcementLevel: rule.severity === 'error' ? 'mandatory' : 'advisory',
    remediationSteps: rule.fix,
    validateStack: ({ resources }, report) => reportProblems(rule, resources, report),
  };
}

function reportProblems(rule: Rule, resources: StackValidationArgs['resources'], report: ReportViolation): void {
  const objects = resources
    .filter(({ type }) => type.startsWith('kubernetes:'))
    .map(({ props, urn }) => manifestOf(props, urn));
  for (const { object, message, fix, constructPath } of checkManifests(objects, [rule])) {
    report(`${object}: ${message} Fix: ${fix}`, constructPath);
  }
}

/** Where a resource comes from is its URN. */
function manifestOf(props: unknown, urn: string): Manifest {
  return { value: isMapping(props) ? props : {}, constructPath: urn };
}
