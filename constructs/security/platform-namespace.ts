import { k8s, Namespace } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { holdProps } from '../hold-props.js';
import { type MeshMode, meshNamespaceLabels } from '../mesh-mode.js';
import { type PlatformContext, PRIORITIES, platformContext, priorityClassName } from '../platform-context.js';
import type { NodePools } from '../workload/node-pool.js';

/** The namespace of one platform instance, at Pod Security `restricted`, and the priority classes of its pods. */
export class PlatformNamespace extends Construct implements PlatformContext {
  readonly namespace: string;
  readonly instance: string;
  readonly nodePools: NodePools;
  readonly mesh: MeshMode;
  readonly object: Namespace;

  constructor(scope: Construct, id: string, props: PlatformContext) {
    super(scope, id);
    holdProps(this, platformContext, props);
    this.namespace = props.namespace;
    this.instance = props.instance;
    this.nodePools = props.nodePools;
    this.mesh = props.mesh;
    this.object = new Namespace(this, 'namespace', {
      metadata: {
        name: props.namespace,
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/audit': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
          ...meshNamespaceLabels(props.mesh),
        },
      },
    });
    for (const [rank, priority] of PRIORITIES.entries()) {
      new k8s.KubePriorityClass(this, priority, {
        metadata: { name: priorityClassName(props, priority) },
        description: DESCRIPTIONS[priority],
        value: (PRIORITIES.length - rank) * 1000,
        // Batch work waits for room; it never evicts another pod.
        preemptionPolicy: priority === 'batch' ? 'Never' : 'PreemptLowerPriority',
      });
    }
  }
}

const DESCRIPTIONS = {
  data: 'Stores and metrics: without them nothing else works.',
  serving: 'What answers requests.',
  batch: 'What can wait: workers of the queues.',
} as const;
