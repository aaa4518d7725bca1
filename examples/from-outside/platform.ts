import * as kit from 'armature/contract';
import { Production, production, Scaling, servicePlan, thirdPartyImages } from 'armature/stacks';
import { App } from 'cdk8s';

/** A queue of its own, with the limits and retries of the platform's tasks, and how much waits in it. */
const recordings = kit.taskTopology({ ...kit.tasks, exchange: 'recordings', weights: { inbox: 1 } });
const waiting = kit.clusterSum('recordings_waiting', kit.queueMessagesReady, { queue: 'recordings.inbox' });

/** A metric of its own, and the service that emits it. */
const audio = kit.counter({ name: 'audio_seconds_total', unit: 'seconds', help: 'Audio heard.', labels: ['language'] });
const transcriber = kit.defineService({
  name: 'transcriber',
  kind: 'worker',
  description: 'Writes down what recordings say.',
  port: 8090,
  placement: 'compute',
  minReplicas: 2,
  probes: kit.probes,
  metricsPath: '/metrics',
  settings: { ...kit.processSettings, ...kit.rabbitmqSettings },
  metrics: [audio],
});

/** An image in a registry of its own, by the digest of what its pipeline has built. */
const own = (path: string) => ({ repository: `eu.example/${path}`, tag: '2.4', digest: `sha256:${'5f'.repeat(32)}` });

/** Production, and one service more. */
class Lyon extends Production {
  protected override services() {
    const plan = servicePlan({
      spec: transcriber,
      image: own('transcriber'),
      settings: { rabbitmqUrl: this.stores.rabbitmq.url, rabbitmqPassword: this.stores.rabbitmq.password },
      drainSeconds: recordings.hardLimitSeconds,
      consumes: [recordings],
      scaleOn: [waiting, kit.podRate(audio, 120)].map((metric) => ({ metric, averageValue: 20 })),
    });
    return [...super.services(), plan];
  }
  protected override flows() {
    return [...super.flows(), { from: transcriber, to: kit.rabbitmq }];
  }
  protected override topologies() {
    return [...super.topologies(), recordings];
  }
}

const app = new App();
new Lyon(app, {
  ...production,
  name: 'lyon',
  region: 'eu-west-3',
  image: own('armature'),
  canary: undefined,
  thirdPartyImages: { ...thirdPartyImages, prometheusAdapter: own('prometheus-adapter') },
  ingress: { ...production.ingress, host: 'llm.example.fr' },
  scaling: Scaling.autoscaled({ maxReplicas: 30, latencyP99Seconds: 0.8 }),
  services: { rag: { minReplicas: 8 } },
});
app.synth();
