import {
  clusterSum,
  counter,
  defineService,
  type Flow,
  probes,
  processSettings,
  queueMessagesReady,
  rabbitmq,
  rabbitmqSettings,
  type TaskTopology,
  taskTopology,
} from 'armature/contract';
import { Dev, dev, Scaling, type ServicePlan, servicePlan } from 'armature/stacks';
import type { Construct } from 'constructs';

/** A queue of its own: mails to be sorted, tried twice more. */
export const mails = taskTopology({
  exchange: 'mails',
  weights: { inbox: 1 },
  retryDelaysSeconds: [30, 300],
  softLimitSeconds: 20,
  hardLimitSeconds: 30,
  resultTtlSeconds: 600,
  prefetch: 1,
});

/** A metric of its own, and a number to scale on. */
const mailsSorted = counter({ name: 'mails_sorted_total', unit: 'events', help: 'Mails sorted.', labels: ['folder'] });
const mailsWaiting = clusterSum('mails_waiting', queueMessagesReady, { queue: 'mails.inbox' });

/** The process, as it and the cluster both see it. */
export const mailSorter = defineService({
  name: 'mail-sorter',
  kind: 'worker',
  description: 'Sorts mails into folders.',
  port: 8090,
  placement: 'general',
  minReplicas: 2,
  probes,
  metricsPath: '/metrics',
  settings: { ...processSettings, ...rabbitmqSettings },
  metrics: [mailsSorted],
});

/** The development environment with one more worker, its queue, its metric and its autoscaler. */
export class DevWithMailSorter extends Dev {
  constructor(scope: Construct) {
    super(scope, { ...dev, name: 'mail', scaling: Scaling.autoscaled({ minReplicas: 2, maxReplicas: 5 }) });
  }

  protected override services(): readonly ServicePlan[] {
    const { url, password } = this.stores.rabbitmq;
    const settings = { rabbitmqUrl: url, rabbitmqPassword: password };
    const scaleOn = [{ metric: mailsWaiting, averageValue: 20 }];
    return [
      ...super.services(),
      servicePlan({ spec: mailSorter, settings, scaleOn, drainSeconds: mails.hardLimitSeconds, consumes: [mails] }),
    ];
  }

  protected override flows(): readonly Flow[] {
    return [...super.flows(), { from: mailSorter, to: rabbitmq }];
  }

  protected override topologies(): readonly TaskTopology[] {
    return [...super.topologies(), mails];
  }
}
