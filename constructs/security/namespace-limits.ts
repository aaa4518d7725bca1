import { ApiObject, Lazy } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import * as z from 'zod';
import { type PlatformContext, platformMeta } from '../platform-context.js';
import {
  byteQuantity,
  bytesOf,
  coresText,
  gibibytesText,
  millicoresOf,
  type Resources,
  totalCpuQuantity,
} from '../workload/quantity.js';
import { type Ceiling, type CountedGroup, ceilingProblems, demandAtMost } from './ceiling.js';
import { poolCeilings } from './node-pool-ceiling.js';
import {
  type ContainerManifest,
  containerDemand,
  containersOf,
  DEMAND_KEYS,
  type Demand,
  type DemandKey,
  larger,
  podDemand,
  sumOf,
} from './pod-demand.js';
import { podGroupsIn } from './pod-group.js';

/** What a namespace gets of its cluster: what its pods may request together, and their number. */
export const namespaceQuota = z.strictObject({ cpu: totalCpuQuantity, memory: byteQuantity, pods: z.int().min(1) });
export type NamespaceQuota = Readonly<z.infer<typeof namespaceQuota>>;

export interface NamespaceLimitsProps {
  readonly platform: PlatformContext;
  /** Everything below it counts. */
  readonly workloads: IConstruct;
  /** What a container gets that says nothing. */
  readonly defaults: Resources;
  /** What the cluster grants. @default what the workloads need at their ceilings, and the headroom */
  readonly quota?: NamespaceQuota | undefined;
  /**
   * Share added to what the workloads need, in percent: pods that are ending still count, and an update that is followed by another
   * has three generations of them.
   * @default 25
   */
  readonly headroomPercent?: number;
}

/**
 * ResourceQuota and LimitRange of the platform's namespace, both from the workloads themselves: the sums at every autoscaler's ceiling in
 * the middle of an update, the maxima of the largest container. Synthesis fails where a ceiling is more than the quota or a node pool
 * holds.
 */
export class NamespaceLimits extends Construct {
  readonly quota: ApiObject;
  readonly limitRange: ApiObject;
  /** As of the last validation, with which every synthesis begins. */
  private counted?: readonly CountedGroup[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NamespaceLimitsProps,
  ) {
    super(scope, id);
    const metadata = platformMeta(props.platform, 'platform');
    this.quota = new ApiObject(this, 'quota', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: { hard: Lazy.any({ produce: () => this.hard() }) },
    });
    this.limitRange = new ApiObject(this, 'limit-range', {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata,
      spec: { limits: Lazy.any({ produce: () => [this.limits()] }) },
    });
    this.node.addValidation({ validate: () => this.problems() });
  }

  private get groups(): readonly CountedGroup[] {
    this.counted ??= this.count();
    return this.counted;
  }

  private count(): readonly CountedGroup[] {
    const defaults = containerOf(this.props.defaults);
    return podGroupsIn(this.props.workloads).map((group) => ({ ...group, each: podDemand(group.pod, defaults) }));
  }

  private problems(): string[] {
    this.counted = this.count();
    const { platform, quota } = this.props;
    const ceilings: Ceiling[] = quota ? [quotaCeiling(quota)] : [];
    return [
      ...ceilings.flatMap((ceiling) => ceilingProblems(this.groups, ceiling)),
      ...poolCeilings(platform.nodePools, this.groups).flatMap(({ ceiling, groups }) =>
        ceilingProblems(groups, ceiling),
      ),
    ];
  }

  private hard(): Record<string, string> {
    const { quota, headroomPercent = 25 } = this.props;
    const needed = sumOf(this.groups.map(demandAtMost));
    const granted = quota ? quotaCeiling(quota).holds : {};
    return byKey(DEMAND_KEYS, (key) => granted[key] ?? Math.ceil((needed[key] * (100 + headroomPercent)) / 100));
  }

  private limits(): object {
    const defaults = containerOf(this.props.defaults);
    const containers = this.groups.flatMap(({ pod }) => [...containersOf(pod), ...(pod.spec.initContainers ?? [])]);
    const largest = [{}, ...containers].map((one) => containerDemand(one, defaults)).reduce(larger);
    const side = (from: Demand, which: 'requests' | 'limits') =>
      Object.fromEntries(RESOURCES.map((name) => [name, quantityText(`${which}.${name}`, from[`${which}.${name}`])]));
    return {
      type: 'Container',
      default: defaults.resources?.limits,
      defaultRequest: defaults.resources?.requests,
      max: side(largest, 'limits'),
    };
  }
}

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'] as const;

function quotaCeiling({ cpu, memory, pods }: NamespaceQuota): Ceiling {
  const holds = { 'requests.cpu': millicoresOf(cpu), 'requests.memory': bytesOf(memory), pods };
  return { name: 'the quota', holds, fix: 'a larger quota' };
}

function containerOf({ cpu, memory, ephemeralStorage }: Resources): ContainerManifest {
  const side = (which: 'request' | 'limit') => ({
    cpu: cpu[which],
    memory: memory[which],
    'ephemeral-storage': ephemeralStorage,
  });
  return { resources: { requests: side('request'), limits: side('limit') } };
}

function byKey(keys: readonly DemandKey[], value: (key: DemandKey) => number): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, quantityText(key, value(key))]));
}

function quantityText(key: DemandKey, value: number): string {
  if (key === 'pods') return String(value);
  return key.endsWith('cpu') ? coresText(value) : gibibytesText(value);
}
