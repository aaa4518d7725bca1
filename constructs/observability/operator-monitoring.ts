import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { objectMeta, type PlatformContext, platformMeta, podSelector } from '../platform-context.js';
import { monitorOf } from './monitor.js';
import type { OperatorChoice } from './monitoring-choice.js';
import type { RecordedMetric } from './recording-rule.js';
import { type RuleSources, ruleGroups } from './rule-groups.js';
import { refuseUnscraped, type ScrapeTarget } from './scrape-target.js';

export interface OperatorMonitoringProps extends RuleSources {
  readonly choice: OperatorChoice;
  readonly targets: readonly ScrapeTarget[];
  /** Those of them that a Service of their own name leads to. */
  readonly withService: readonly { readonly name: string }[];
  /** Seconds between two scrapes, and between two evaluations of the rules. */
  readonly intervalSeconds: number;
}

/**
 * What the platform's own Prometheus would do, for one that the Prometheus operator runs: a monitor for each endpoint and the same rules.
 * @see https://prometheus-operator.dev/docs/api-reference/api/
 */
export class OperatorMonitoring extends Construct {
  readonly url: string;
  readonly recorded: readonly RecordedMetric[];
  readonly monitors: readonly ApiObject[];
  readonly rule: ApiObject;

  /** @throws if a scaling metric or an objective is about an endpoint that is not scraped, or does not expose what it is made of. */
  constructor(scope: Construct, id: string, props: OperatorMonitoringProps) {
    super(scope, id);
    const { platform, choice, targets } = props;
    refuseUnscraped(this.node.path, props);
    this.url = choice.url;
    this.recorded = props.recorded;
    this.monitors = targets.map((target) => {
      const { kind, spec } = monitorOf(props, target);
      if (kind === 'ServiceMonitor' && !props.withService.some(({ name }) => name === target.name)) {
        this.serviceOf(platform, target);
      }
      return this.object(kind, selected(objectMeta(platform, target), choice), spec, target.name);
    });
    const groups = ruleGroups(props).map((group) => ({ ...group, interval: `${props.intervalSeconds}s` }));
    this.rule = this.object(
      'PrometheusRule',
      selected(platformMeta(platform, 'platform'), choice),
      { groups },
      'rules',
    );
  }

  private object(kind: string, metadata: ReturnType<typeof selected>, spec: object, id: string): ApiObject {
    return new ApiObject(this, id, { apiVersion: 'monitoring.coreos.com/v1', kind, metadata, spec });
  }

  /** A ServiceMonitor finds pods through a Service; who is never called has none. */
  private serviceOf(platform: PlatformContext, target: ScrapeTarget): void {
    new k8s.KubeService(this, `${target.name}-service`, {
      metadata: objectMeta(platform, target, `${target.name}-metrics`),
      spec: {
        clusterIp: 'None',
        selector: podSelector(platform, target),
        ports: [{ name: 'http-metrics', port: target.port, protocol: 'TCP', appProtocol: 'http' }],
      },
    });
  }
}

function selected<M extends { readonly labels: Readonly<Record<string, string>> }>(
  metadata: M,
  { labels }: OperatorChoice,
) {
  return { ...metadata, labels: { ...metadata.labels, ...labels } };
}
