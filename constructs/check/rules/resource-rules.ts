import { at, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { containerRule, podRule } from './pod-rule.js';

/** A limit on CPU is a choice (it throttles); without the others a container takes what its neighbours need. */
const NEEDED = ['requests.cpu', 'requests.memory', 'limits.memory'];

export const resourceRules: readonly Rule[] = [
  containerRule(
    {
      id: 'unset-resources',
      severity: 'warning',
      why: 'The scheduler cannot place what requests nothing, and one leak takes down its whole node.',
    },
    ({ fields }) => {
      const unset = NEEDED.filter((path) => at(fields, `resources.${path}`) === undefined);
      // A request that is not stated is as high as the limit.
      const missing = unset.filter(
        (path) => at(fields, `resources.${path.replace('requests', 'limits')}`) === undefined,
      );
      if (missing.length === 0) return undefined;
      return { message: `resources lacks ${missing.join(', ')}.`, fix: 'state what it needs, and what it may take.' };
    },
  ),
  podRule(
    {
      id: 'priority-class-name',
      severity: 'warning',
      why: 'In a cluster that is full, pods without a priority are the first to go.',
    },
    ({ spec }) =>
      textAt(spec, 'priorityClassName') === undefined && at(spec, 'priority') === undefined
        ? { message: 'priorityClassName is not set.', fix: 'name a PriorityClass.' }
        : undefined,
  ),
];
