import { selector, VERSION_LABEL } from '../../contract/vocabulary/index.js';
import { jobMatchers } from '../observability/recording-rule.js';
import type { Release } from '../workload/release.js';

/** The pods of a release, as Prometheus finds them: 1 where one answers, 0 where it does not. */
function found(release: Release, job: string): string {
  return `up${selector({ ...jobMatchers(release.platform, job), [VERSION_LABEL]: release.version })}`;
}

/** How many pods of a release Prometheus finds, whether they answer or not; nothing where there is none. */
export function podCount(release: Release, job: string): string {
  return `count(${found(release, job)})`;
}

/** Mean of a series over those pods of a release that have a value of it, as an autoscaler sees it. */
export function meanOverPods(series: string, release: Release, job: string): string {
  return `avg(${series} and on (namespace, pod) ${found(release, job)})`;
}
