import { KubeConfig } from '@kubernetes/client-node';
import { requestBudget } from '../../../contract/index.js';
import { type Clock, steady } from '../../runtime/clock.js';
import type { Timers } from '../../runtime/timers.js';
import type { Logger } from '../../telemetry/logger.js';
import { KubernetesReleaseCluster } from './kubernetes-release-cluster.js';
import { LeaseLeadership, type LeaseOptions } from './lease-leadership.js';

export interface KubernetesConnection {
  readonly lease: Pick<LeaseOptions, 'name' | 'me' | 'durationSeconds'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
}

/**
 * The cluster that the pod runs in, by its service account; elsewhere the one of KUBECONFIG or ~/.kube/config. Releases are those of the
 * pod's, or the context's, namespace.
 */
export function connectKubernetes({ lease, clock, timers, logger }: KubernetesConnection) {
  const config = new KubeConfig();
  config.loadFromDefault();
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
  const callMs = requestBudget.kubernetesCallMs;
  return {
    cluster: new KubernetesReleaseCluster({ config, namespace, callMs, logger, dryRun: false }),
    // By the wall clock, one that is set back would have a leader that cannot renew its lease lead on.
    leadership: new LeaseLeadership({ ...lease, config, namespace, callMs, clock: steady(clock), timers, logger }),
  };
}
