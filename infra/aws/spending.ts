import { Budget } from '@pulumi/aws/budgets/budget.js';
import type * as pulumi from '@pulumi/pulumi';
import type { AwsConfig } from './aws-config.js';
import { COST_TAG } from './cost-tags.js';

/** Tells somebody before a stack costs more than it may in a month. */
export function spending(
  name: string,
  stack: string,
  { budget }: Pick<AwsConfig, 'budget'>,
  options: pulumi.CustomResourceOptions,
): Budget {
  const subscriberEmailAddresses = [budget.email];
  const over = { comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE', subscriberEmailAddresses };
  return new Budget(
    name,
    {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: String(budget.monthlyUsd),
      limitUnit: 'USD',
      costFilters: [{ name: 'TagKeyValue', values: [`user:${COST_TAG}$${stack}`] }],
      notifications: [
        { ...over, notificationType: 'ACTUAL', threshold: 80 },
        { ...over, notificationType: 'FORECASTED', threshold: 100 },
      ],
    },
    options,
  );
}
