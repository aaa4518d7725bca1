import {
  CANARY_COMMAND_ANNOTATION,
  type CanaryReleaseStatus,
  canary,
  chat,
  formatCanaryCommand,
  VERSION_LABEL,
} from '../../../contract/index.js';
import { find, type Manifest } from '../../support/cluster.js';
import type { Cluster } from '../cluster.js';
import type { RenderedEnvironment } from '../environments.js';
import { eventually } from '../eventually.js';
import type { FakeLoad } from '../fake-load.js';
import type { RunningPrometheus } from '../running-prometheus.js';
import { ControllerProcess } from './controller-process.js';
import { divideTraffic } from './divide-traffic.js';
import { ReleasePods } from './release-pods.js';

const REQUESTS_PER_SECOND = 1_000;

/** The release of a cluster's environment, moved by a real controller: its pods tell Prometheus of the traffic that the routes give them. */
export class ScaledRelease {
  private constructor(
    private readonly cluster: Cluster,
    private readonly resource: Manifest,
    private readonly stable: Manifest,
    private readonly load: FakeLoad,
    private readonly pods: ReleasePods,
    private readonly controller: ControllerProcess,
  ) {}

  static async start(
    cluster: Cluster,
    { objects, namespace }: RenderedEnvironment,
    { url, load }: RunningPrometheus,
  ): Promise<ScaledRelease> {
    const { server } = cluster;
    const pods = await ReleasePods.start(['v1', 'v2']);
    divideTraffic(server, namespace, pods);
    pods.requestsPerSecond = REQUESTS_PER_SECOND;
    const token = await server.tokenOfAccount(namespace, canary.name);
    const controller = new ControllerProcess({
      KUBECONFIG: server.kubeconfig(canary.name, token, { namespace }),
      [canary.settings.prometheusUrl.env]: url,
    });
    load.told.set(chat.name, ({ metadata: { labels } }) => {
      const address = pods.addressOf(labels[VERSION_LABEL] ?? '');
      return address && `http://${address}${chat.metricsPath}`;
    });
    load.told.set(canary.name, () => controller.url && `${controller.url}${canary.metricsPath}`);
    const [release, stable] = [find(objects, 'CanaryRelease'), find(objects, 'Deployment', chat.name)];
    return new ScaledRelease(cluster, release, stable, load, pods, controller);
  }

  async status(): Promise<CanaryReleaseStatus | undefined> {
    return (await this.cluster.server.get(this.resource)).body.status as CanaryReleaseStatus | undefined;
  }

  /** Waits until the canary has such a share of the traffic. */
  async isAt(percent: number): Promise<void> {
    await eventually(async () => {
      const { phase, routedPercent, reason } = (await this.status()) ?? {};
      return phase === 'Progressing' && routedPercent === percent ? [] : [`${phase} at ${routedPercent} %: ${reason}`];
    });
  }

  /** Lets it pass its step as soon as that is proven. */
  async approve(): Promise<void> {
    const { canaryRevision: revision } = (await this.status()) ?? {};
    if (!revision) throw new Error('Nothing is under way.');
    const command = formatCanaryCommand({ verb: 'approve', revision, at: new Date().toISOString() });
    const annotations = { [CANARY_COMMAND_ANNOTATION]: command };
    await this.cluster.server.patch(this.resource, { metadata: { annotations } });
  }

  /** Has the pods of the stable release replaced, as a change of its settings does: for a moment there are more of them. */
  async rollStable(): Promise<void> {
    const annotations = { 'example.com/rolled': 'once' };
    await this.cluster.server.patch(this.stable, { spec: { template: { metadata: { annotations } } } });
  }

  async stop(): Promise<void> {
    for (const { name } of [chat, canary]) this.load.told.delete(name);
    await this.controller.end('SIGKILL');
    await this.pods.stop();
  }
}
