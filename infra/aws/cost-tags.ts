/** By this tag AWS tells the costs of one stack from another's. */
export const COST_TAG = 'armature:stack';

/** What every resource of a stack is tagged with. */
export function costTags(
  stack: string,
  environment: string,
  further: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...further, [COST_TAG]: stack, 'armature:environment': environment, 'armature:managed-by': 'pulumi' };
}
