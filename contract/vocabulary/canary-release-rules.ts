/**
 * What a CanaryRelease must keep beyond the form of its fields, in CEL, as the API server reads it (kubernetes.io/docs/reference/using-api/cel): so that it takes
 * none which the controller, that checks the same by the schemas beside this file, would leave unread.
 */
interface CelRule {
  readonly rule: string;
  readonly message: string;
}

/** Key of a schema under which Kubernetes finds such rules. */
const key = 'x-kubernetes-validations';

export const releaseRules: { readonly [key]: readonly CelRule[] } = {
  [key]: [
    {
      rule: 'self.slots[0].version != self.slots[1].version && self.slots[0].deployment != self.slots[1].deployment',
      message: 'each slot must have a version and a deployment of its own',
    },
    {
      rule: '!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas',
      message: 'minReplicas must be at most maxReplicas, which no autoscaler goes beyond',
    },
  ],
};

/** The share of hits that the limit of a business metric makes. */
const businessShare =
  "(self.businessMetric.harm == 'increase' ? self.businessMetric.limit : self.businessMetric.largest - self.businessMetric.limit) / self.businessMetric.largest";

export const policyRules: { readonly [key]: readonly CelRule[] } = {
  [key]: [
    {
      rule: 'self.stepPercents.isSorted() && self.stepPercents.max() == 100 && self.stepPercents.all(one, self.stepPercents.exists_one(other, other == one))',
      message: 'the steps must ascend to 100: a release is promoted when it has had all traffic',
    },
    ...[
      ['maxErrorRatio', 'self.maxErrorRatio * self.harmfulMultiple < 1.0'],
      ['1 - baseline.quantile', '(1.0 - self.baseline.quantile) * self.harmfulMultiple < 1.0'],
      [
        'the share that businessMetric.limit makes',
        `!has(self.businessMetric) || ${businessShare} > 0.0 && ${businessShare} * self.harmfulMultiple < 1.0`,
      ],
    ].map(([share, rule = '']) => ({
      rule,
      message: `${share} must be above 0 and below 1 / harmfulMultiple: beyond that no harm can be told from all requests`,
    })),
  ],
};
