import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  type CanaryReleaseSpecInput,
  type CanaryReleaseStatus,
  canary,
  canaryRouteName,
  chat,
  VERSION_LABEL,
} from '../../../contract/index.js';
import { production } from '../../../stacks/index.js';
import { at, find, type Manifest } from '../../support/cluster.js';
import { applyByKubectl } from '../apply-by-kubectl.js';
import { ControlPlane } from '../control-plane.js';
import { type RenderedEnvironment, renderReleased } from '../environments.js';
import { discoveredPods } from '../live/discovered-pods.js';
import { LivePrometheus } from '../live/live-prometheus.js';
import { definitionsOf } from '../tools.js';
import { ControllerProcess, MAIN } from './controller-process.js';
import { divideTraffic, type Shares } from './divide-traffic.js';
import { Gate } from './gate.js';
import { ReleasePods } from './release-pods.js';

/** Production's releases at a pace for tests: a step of a second, a look each second, and little to prove. */
export const STEPS = [10, 30, 100] as const;
export const policy = {
  stepPercents: [...STEPS],
  stepSeconds: 1,
  checkSeconds: 1,
  scrapeSeconds: 2,
  minRequestsPerStep: 50,
  harmfulMultiple: 5,
  falsePromotionRate: 0.05,
  baseline: { quantile: 0.99, windowSeconds: 5, minRequests: 20 },
  maxBlindSeconds: 12,
  maxIdleSeconds: 8,
};

/** Of the service that is released, so that two pods bear all its traffic. */
const FEW_PODS = { [chat.name]: { minReplicas: 2 } };

const run = promisify(execFile);
const route: Manifest = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: canaryRouteName(chat.name), namespace: production.namespace },
};

/** A real API server and a real Prometheus around controllers, and pods that do as the test says. */
export class CanaryWorld {
  /** Every division of the traffic that the mesh was ever told of. */
  readonly history: Shares[] = [];
  readonly controllers: ControllerProcess[] = [];
  /** Deployments with the images that the environment has come to state. */
  readonly #deployed = new Map<string, Manifest>();
  /** Ready pods by Deployment. */
  readonly #ready = new Map<string, number>();
  #images = 0;

  private constructor(
    readonly server: ControlPlane,
    readonly environment: RenderedEnvironment,
    readonly pods: ReleasePods,
    readonly prometheus: LivePrometheus,
    readonly gates: { readonly api: Gate; readonly prometheus: Gate },
  ) {}

  /** @param own figures of the releases' policy that are others than {@link policy}'s */
  static async start(own: Partial<NonNullable<CanaryReleaseSpecInput['policy']>> = {}): Promise<CanaryWorld> {
    const config = {
      ...production,
      services: FEW_PODS,
      canary: { ...production.canary, policy: { ...policy, ...own } },
    };
    const environment = renderReleased('production', config);
    const { objects } = environment;
    const pods = await ReleasePods.start(['v1', 'v2']);
    const [server, prometheus] = await Promise.all([
      ControlPlane.start(),
      LivePrometheus.start(
        objects,
        discoveredPods(objects, 1, ({ labels }, port) =>
          labels['app.kubernetes.io/name'] === chat.name && port === chat.port
            ? pods.addressOf(labels[VERSION_LABEL] ?? '')
            : undefined,
        ),
      ),
    ]);
    const gates = { api: await Gate.to(server.port), prometheus: await Gate.to(Number(new URL(prometheus.url).port)) };
    const world = new CanaryWorld(server, environment, pods, prometheus, gates);
    await server.define(definitionsOf(world.applied));
    await server.define(world.applied.filter(({ kind }) => kind === 'CustomResourceDefinition'));
    await server.applyAll(world.applied);
    for (const name of [chat.name, `${chat.name}-v2`]) await world.ready(name, 2);
    divideTraffic(server, environment.namespace, pods, (shares) => world.history.push(shares));
    return world;
  }

  /** The objects of the environment that the server knows: its own kinds, Istio's, and the kit's. */
  get applied(): readonly Manifest[] {
    const foreign = /cert-manager|keda|monitoring\.coreos|metrics\.k8s|apiregistration|gateway\.networking/;
    const own = this.environment.objects.filter(({ apiVersion }) => !foreign.test(apiVersion));
    return own.map((object) => (object.kind === 'Deployment' && this.#deployed.get(object.metadata.name)) || object);
  }

  async stop(): Promise<void> {
    for (const controller of this.controllers) await controller.end('SIGKILL');
    await this.gates.api.stop();
    await this.gates.prometheus.stop();
    await this.prometheus.stop();
    await this.server.stop();
    await this.pods.stop();
  }

  /** Another controller, with the rights of its own service account. */
  async control(): Promise<ControllerProcess> {
    const { server, environment, gates } = this;
    const { namespace } = environment;
    const token = await server.tokenOfAccount(namespace, canary.name);
    const { settings } = canary;
    const controller = new ControllerProcess({
      KUBECONFIG: server.kubeconfig('canary', token, { namespace, port: gates.api.port }),
      [settings.prometheusUrl.env]: `http://127.0.0.1:${gates.prometheus.port}`,
      [settings.leaseSeconds.env]: '3',
    });
    this.controllers.push(controller);
    return controller;
  }

  get leader(): ControllerProcess | undefined {
    return this.controllers.find(({ leads }) => leads);
  }

  async status(): Promise<CanaryReleaseStatus | undefined> {
    const { body } = await this.server.get(find(this.environment.objects, 'CanaryRelease'));
    return body.status as CanaryReleaseStatus | undefined;
  }

  /** Waits until the release stands so. @throws after a minute, with where it stands then and what the controllers complain of */
  async until(
    what: string,
    holds: (status: CanaryReleaseStatus) => boolean,
    limitMs = 60_000,
  ): Promise<CanaryReleaseStatus> {
    for (const end = Date.now() + limitMs; ; await wait(50)) {
      const status = await this.status();
      if (status && holds(status)) return status;
      if (Date.now() < end) continue;
      const complaints = this.controllers.flatMap((one) => one.complaints.slice(-3));
      throw new Error([`In vain until ${what}:`, JSON.stringify(status), ...complaints].join('\n  '));
    }
  }

  /** Puts something new into a slot, as an apply of the environment with another image does. @returns its image */
  async deploy(version: string): Promise<string> {
    const deployment = this.deployment(version);
    const image = `registry.example.com/chat:${++this.#images}`;
    const containers = at(deployment, 'spec.template.spec.containers') as readonly { name: string }[];
    const template = at(deployment, 'spec.template') as { spec: object };
    const changed = containers.map((one) => (one.name === chat.name ? { ...one, image } : one));
    const spec = {
      ...(deployment.spec as object),
      template: { ...template, spec: { ...template.spec, containers: changed } },
    };
    const stated = { ...deployment, spec };
    this.#deployed.set(deployment.metadata.name, stated);
    const { status, body } = await this.server.apply(stated);
    if (status >= 300) throw new Error(body.message);
    await this.ready(deployment.metadata.name, 2);
    return image;
  }

  deployment(version: string): Manifest {
    const { slots } = find(this.environment.objects, 'CanaryRelease').spec as {
      slots: { version: string; deployment: string }[];
    };
    return find(this.environment.objects, 'Deployment', slots.find((slot) => slot.version === version)?.deployment);
  }

  /** As an autoscaler and the controller of Deployments would do and say it: so many pods, all of what stands there now. */
  async ready(name: string, readyReplicas: number): Promise<void> {
    this.#ready.set(name, readyReplicas);
    const deployment = find(this.environment.objects, 'Deployment', name);
    const { body } = await this.server.patch(deployment, { spec: { replicas: Math.max(readyReplicas, 1) } });
    const counts = { replicas: readyReplicas, updatedReplicas: readyReplicas, readyReplicas };
    const status = { ...counts, observedGeneration: at(body, 'metadata.generation') };
    await this.server.patch(deployment, { status }, '/status');
  }

  /** Changes what is asked of the releases, as an apply of another environment would. */
  async change(spec: object): Promise<void> {
    const { status, body } = await this.server.patch(find(this.environment.objects, 'CanaryRelease'), { spec });
    if (status >= 300) throw new Error(body.message);
  }

  /** A new release in the slot that is not stable, under way with its first share. @returns its version */
  async release(): Promise<string> {
    const version = (await this.status())?.canary ?? 'v2';
    await this.deploy(version);
    await this.until(
      'a release is under way',
      ({ phase, routedPercent }) => phase === 'Progressing' && routedPercent === STEPS[0],
    );
    return version;
  }

  /** Applies the environment as its user does. @throws with kubectl's words when anything is refused */
  async apply(...options: readonly string[]): Promise<void> {
    await applyByKubectl(this.server, this.applied, ...options);
    // An annotation is enough for a new generation, which has to be noticed.
    for (const [name, pods] of this.#ready) await this.ready(name, pods);
  }

  /** `armature canary`, as the administrator. @returns what it prints; @throws with what it prints when it fails */
  async armature(...args: readonly string[]): Promise<string> {
    const { namespace } = this.environment;
    const KUBECONFIG = this.server.kubeconfig('armature', this.server.tokenOf('admin'), { namespace });
    const env = { ...process.env, KUBECONFIG };
    return (await run(process.execPath, ['--import', 'tsx', MAIN, 'canary', ...args], { env })).stdout;
  }

  /** The controller's VirtualService as it stands. */
  async route(): Promise<Manifest> {
    return (await this.server.get(route)).body;
  }

  async events(): Promise<readonly string[]> {
    const { body } = await this.server.send('GET', `/api/v1/namespaces/${this.environment.namespace}/events`);
    return (body.items as readonly { reason: string }[]).map(({ reason }) => reason);
  }
}
