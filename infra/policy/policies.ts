import type { StackValidationPolicy } from '@pulumi/policy';
import { awsPolicies } from './aws/index.js';
import { protectedData } from './protected-data.js';
import { rulePolicies } from './rule-policies.js';

/** Everything that a stack is held to before it changes. */
export const policies: readonly StackValidationPolicy[] = [...rulePolicies, protectedData, ...awsPolicies];
