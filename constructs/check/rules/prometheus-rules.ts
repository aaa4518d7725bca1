import type { Rule } from '../finding.js';
import { adapterQueries } from '../metrics-adapter.js';
import { prometheusRules, scrapeInterval, scrapeJobs, unreadableFiles } from '../prometheus-rule-group.js';
import { isAggregated, losesBucketBounds } from '../promql-aggregation.js';
import { promqlError, promqlSeconds, rateWindows } from '../promql-errors.js';

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
  {
    id: 'unreadable-rules',
    severity: 'error',
    why: 'Prometheus does not start with a file that it cannot read, or goes on with the one that it had.',
    fix: 'correct the YAML; `promtool check rules FILE` says more.',
    find: (cluster) =>
      unreadableFiles(cluster).map(({ object, key, problem }) => ({
        object,
        message: `${key} is no YAML: ${problem}.`,
      })),
  },
  {
    id: 'invalid-expression',
    severity: 'error',
    why: 'Prometheus refuses the whole file for one rule that it cannot read, and of a quantile above 1 the value is always infinite.',
    fix: 'correct the expression: every bracket closed, rates of counters over a window and summed then, quantiles as ratios (0.99).',
    find: (cluster) =>
      prometheusRules(cluster).flatMap(({ object, name, expression }) => {
        const problem = promqlError(expression);
        return problem === undefined ? [] : [{ object, message: `${name} is ${expression}: ${problem}.` }];
      }),
  },
  {
    id: 'rate-window',
    severity: 'error',
    why: 'A rate needs two values within its window; over a window as short as the interval of scraping it is empty.',
    fix: 'make the window at least twice the scrape_interval, at best four times.',
    find: (cluster) => {
      const interval = scrapeInterval(cluster);
      const leastSeconds = 2 * (promqlSeconds(interval ?? '') ?? 0);
      return prometheusRules(cluster).flatMap(({ object, name, expression }) =>
        rateWindows(expression)
          .filter((window) => (promqlSeconds(window) ?? leastSeconds) < leastSeconds)
          .map((window) => ({
            object,
            message: `${name} takes a rate over ${window}, and is scraped every ${interval}.`,
          })),
      );
    },
  },
  {
    id: 'alert-duration',
    severity: 'error',
    why: 'Prometheus refuses the whole file for a duration that it cannot read.',
    fix: 'write it with its unit: 5m.',
    find: (cluster) =>
      prometheusRules(cluster)
        .filter(({ waits }) => waits !== undefined && promqlSeconds(String(waits)) === undefined)
        .map(({ object, name, waits }) => ({ object, message: `${name} has for: ${JSON.stringify(waits)}.` })),
  },
  {
    id: 'alert-without-severity',
    severity: 'warning',
    why: 'By its severity an alert finds its receiver; without one it goes to whoever gets the rest.',
    fix: 'add the label severity: critical, warning or info.',
    find: (cluster) =>
      prometheusRules(cluster)
        .filter(({ isRecorded, labels }) => !isRecorded && labels.severity === undefined)
        .map(({ object, name }) => ({ object, message: `${name} has no label severity.` })),
  },
];
