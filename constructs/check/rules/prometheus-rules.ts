import type { Rule } from '../finding.js';
import { adapterQueries } from '../metrics-adapter.js';
import { prometheusRules, scrapeJobs } from '../prometheus-rule-group.js';
import { isAggregated, losesBucketBounds } from '../promql-aggregation.js';

export const prometheusRuleRules: readonly Rule[] = [
  {
    id: 'quantile-without-bounds',
    severity: 'error',
    why: 'A quantile is computed from buckets; without their bounds (the label le) it is empty, and never alerts or scales.',
    fix: 'keep le: `histogram_quantile(0.99, sum by (le, …) (rate(…_bucket[5m])))`.',
    find: (cluster) =>
      prometheusRules(cluster)
        .filter(({ expression }) => losesBucketBounds(expression))
        .map(({ object, name, expression }) => ({ object, message: `${name} is ${expression}, without le.` })),
  },
  {
    id: 'unscraped-job',
    severity: 'error',
    why: 'An expression on a job that nobody scrapes is empty: it never alerts and never scales.',
    fix: 'add a job of that name to scrape_configs, or correct the matcher.',
    find: (cluster) => {
      const jobs = scrapeJobs(cluster);
      if (jobs === undefined) return [];
      return prometheusRules(cluster).flatMap(({ object, name, expression }) =>
        [...new Set([...expression.matchAll(/\bjob="([^"]*)"/g)].map(([, job = '']) => job))]
          .filter((job) => !jobs.includes(job))
          .map((job) => ({ object, message: `${name} asks for the job "${job}"; scraped are ${jobs.join(', ')}.` })),
      );
    },
  },
  {
    id: 'scaling-without-sum',
    severity: 'error',
    why: 'A rate has a series for each set of labels; an autoscaler that wants one number is given an arbitrary one of them.',
    fix: 'aggregate it: `sum by (namespace, pod) (rate(…))` for each pod, `sum(rate(…))` for all.',
    find: (cluster) => {
      const recorded = prometheusRules(cluster).filter(({ isRecorded }) => isRecorded);
      return adapterQueries(cluster).flatMap(({ object, series, query }) => {
        const rules = recorded.filter(({ name }) => series.test(name));
        if (rules.length === 0) {
          return isAggregated(query) ? [] : [{ object, message: `the adapter's metricsQuery is ${query}.` }];
        }
        return rules
          .filter(({ expression }) => !isAggregated(expression))
          .map((rule) => ({ object: rule.object, message: `${rule.name} is ${rule.expression}.` }));
      });
    },
  },
];
