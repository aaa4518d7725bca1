import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import {
  type CanaryReleaseStatus,
  type CanarySplit,
  canaryHttpRoutes,
  canaryReleaseResource,
  canaryRouteName,
  NETWORKING_API,
} from '../../../contract/index.js';
import {
  type Release,
  type ReleaseCluster,
  ReleaseConflict,
  type ReleaseEvent,
  type Slot,
} from '../../canary/release-cluster.js';
import type { Logger } from '../../telemetry/logger.js';
import { type CanaryReleaseObject, canaryReleaseFrom } from './canary-release-object.js';
import { limitedClient } from './limited-client.js';
import { slotOfDeployment } from './slot-of-deployment.js';
import { statusCodeOf } from './status-code.js';

const { group, version, plural, kind } = canaryReleaseResource;
const FIELD_MANAGER = 'armature-canary';
const SERVER_SIDE_APPLY = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
/** After a watch that broke off. */
const WATCH_AGAIN_MS = 1_000;

export interface KubernetesReleases {
  readonly config: KubeConfig;
  readonly namespace: string;
  /** One call may take so long. */
  readonly callMs: number;
  readonly logger: Logger;
  readonly dryRun: boolean;
}

/**
 * The releases of one namespace, in the Kubernetes API. Weights stand in a VirtualService of the controller's own, which it applies under
 * its own field manager; nobody else's manifest has a word about them.
 */
export class KubernetesReleaseCluster implements ReleaseCluster {
  readonly dryRun: boolean;
  readonly #objects: CustomObjectsApi;
  readonly #apps: AppsV1Api;
  readonly #core: CoreV1Api;
  readonly #namespace: string;
  readonly #complain = (text: string) => this.options.logger.error(text);

  constructor(private readonly options: KubernetesReleases) {
    const { config, callMs } = options;
    this.dryRun = options.dryRun;
    this.#namespace = options.namespace;
    this.#objects = limitedClient(config, CustomObjectsApi, callMs);
    this.#apps = limitedClient(config, AppsV1Api, callMs);
    this.#core = limitedClient(config, CoreV1Api, callMs);
  }

  async list(): Promise<readonly Release[]> {
    try {
      const { items } = await this.#list();
      return items.flatMap((object) => canaryReleaseFrom(object, this.#complain) ?? []);
    } catch (error) {
      // A cluster without the definition has no releases.
      if (statusCodeOf(error) === 404) return [];
      throw error;
    }
  }

  async slot(name: string): Promise<Slot | null> {
    try {
      return slotOfDeployment(await this.#apps.readNamespacedDeployment({ name, namespace: this.#namespace }));
    } catch (error) {
      if (statusCodeOf(error) === 404) return null;
      throw error;
    }
  }

  async save({ name, resourceVersion }: Release, status: CanaryReleaseStatus): Promise<Release> {
    const body = {
      ...{ apiVersion: `${group}/${version}`, kind },
      // With its version: of two that write at once one is refused.
      ...{ metadata: { name, namespace: this.#namespace, resourceVersion }, status },
    };
    try {
      // Not patched: a merge patch would take a null for a deletion.
      const object = await this.#objects.replaceNamespacedCustomObjectStatus({
        ...this.#place(name),
        body,
        fieldManager: FIELD_MANAGER,
      });
      const saved = canaryReleaseFrom(object as CanaryReleaseObject, this.#complain);
      if (saved === undefined) throw new ReleaseConflict(name);
      return saved;
    } catch (error) {
      if (statusCodeOf(error) === 409) throw new ReleaseConflict(name);
      throw error;
    }
  }

  async route({ name, spec }: Release, split: CanarySplit): Promise<void> {
    if (this.dryRun) {
      this.options.logger.info({ release: name, ...split }, 'dry run: traffic would be divided so');
      return;
    }
    const route = canaryRouteName(spec.service);
    const [routeGroup = '', routeVersion = ''] = NETWORKING_API.split('/');
    const where = { group: routeGroup, version: routeVersion, plural: 'virtualservices', namespace: this.#namespace };
    const body = {
      apiVersion: NETWORKING_API,
      kind: 'VirtualService',
      metadata: { name: route, namespace: this.#namespace, labels: { 'app.kubernetes.io/managed-by': FIELD_MANAGER } },
      // Without hosts: it holds where the service's own VirtualService delegates to it.
      spec: { http: canaryHttpRoutes(spec, split) },
    };
    await this.#objects.patchNamespacedCustomObject(
      { ...where, name: route, body, fieldManager: FIELD_MANAGER, force: true },
      SERVER_SIDE_APPLY,
    );
  }

  async report({ name }: Release, { type, reason, message }: ReleaseEvent): Promise<void> {
    const now = new Date();
    await this.#core.createNamespacedEvent({
      namespace: this.#namespace,
      body: {
        metadata: { generateName: `${name}-`, namespace: this.#namespace },
        involvedObject: { apiVersion: `${group}/${version}`, kind, name, namespace: this.#namespace },
        ...{ type, reason, message, count: 1, firstTimestamp: now, lastTimestamp: now },
        source: { component: FIELD_MANAGER },
      },
    });
  }

  watch(changed: () => void): () => Promise<void> {
    const path = `/apis/${group}/${version}/namespaces/${this.#namespace}/${plural}`;
    const informer = makeInformer<CanaryReleaseObject>(this.options.config, path, () => this.#list());
    const seen = new Map<string, string>();
    const notice = (object: CanaryReleaseObject) => {
      const { metadata } = object;
      // The controller's own writes are none of its business.
      const asked = JSON.stringify([metadata?.generation, metadata?.annotations]);
      if (seen.get(metadata?.name ?? '') === asked) return;
      seen.set(metadata?.name ?? '', asked);
      changed();
    };
    let again: NodeJS.Timeout | undefined;
    let stopped = false;
    const start = () => {
      informer.start().catch(restart);
    };
    const restart = (error?: unknown) => {
      if (stopped) return;
      this.options.logger.debug({ err: error }, 'the watch of releases broke off');
      clearTimeout(again);
      again = setTimeout(start, WATCH_AGAIN_MS);
    };
    informer.on('add', notice);
    informer.on('update', notice);
    informer.on('error', restart);
    start();
    return async () => {
      stopped = true;
      clearTimeout(again);
      await informer.stop();
    };
  }

  #place(name: string) {
    return { group, version, plural, namespace: this.#namespace, name };
  }

  async #list(): Promise<{ items: CanaryReleaseObject[] }> {
    return this.#objects.listNamespacedCustomObject({ group, version, plural, namespace: this.#namespace });
  }
}
