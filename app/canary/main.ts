import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { canary, requestBudget } from '../../contract/index.js';
import { idleCanaryMetrics } from '../adapters/memory/idle-canary-metrics.js';
import { MemoryReleaseCluster } from '../adapters/memory/memory-release-cluster.js';
import { PrometheusCanaryMetrics } from '../adapters/prometheus/prometheus-canary-metrics.js';
import { httpWebhooks } from '../adapters/web/http-webhooks.js';
import { type ProcessMain, runProcess } from '../runtime/run-process.js';
import { buildCanary } from './build-canary.js';
import { chatReleases } from './chat-releases.js';
import { soleLeader } from './leadership.js';

/** `armature serve canary` */
export const main: ProcessMain = (run) =>
  runProcess(canary, run, async ({ settings, options, clock, timers }) => {
    const webhooks = httpWebhooks;
    if (settings.dryRun) {
      const cluster = new MemoryReleaseCluster(chatReleases);
      const metrics = idleCanaryMetrics;
      return buildCanary({ cluster, metrics, webhooks, leadership: soleLeader, clock, timers }, options);
    }
    const { logger } = options;
    // A second to load, which a dry run does not pay.
    const { connectKubernetes } = await import('../adapters/kubernetes/connect-kubernetes.js');
    const { cluster, leadership } = connectKubernetes({
      lease: { name: canary.name, me: `${hostname()}_${randomUUID()}`, durationSeconds: settings.leaseSeconds },
      ...{ clock, timers, logger },
    });
    const metrics = new PrometheusCanaryMetrics({ url: settings.prometheusUrl, timeoutMs: requestBudget.probeMs * 5 });
    return buildCanary({ cluster, metrics, webhooks, leadership, clock, timers }, options);
  });
