import { App, Chart } from 'cdk8s';
import { availableModels } from '../../app/llm/providers.js';
import type { Release } from '../../constructs/index.js';
import { canaryPolicy, models, type Slo, slos, tasks, worker, workerSettings } from '../../contract/index.js';
import type { EnvironmentClass, EnvironmentConfig, PlatformStack } from '../../stacks/index.js';
import { objectsOf } from '../../stacks/manifests.js';
import { type Assumptions, DEFAULT_ASSUMPTIONS } from './assumptions.js';
import { autoscalerModel } from './autoscaler-model.js';
import {
  coreLimit,
  hasSidecar,
  isWorkload,
  type KubeWorkload,
  nodeLabels,
  readinessSeconds,
  requestsOf,
  storageBytes,
} from './kube-workload.js';
import { ModelMix } from './model-mix.js';
import { poolKey, poolsOf } from './pools.js';
import { platformRequests } from './request-kinds.js';
import { programOf, type RequestProgram } from './request-program.js';
import type { PodRequests, StandingPods, System, WorkloadModel } from './system.js';

export interface ReadSystemOptions {
  /** @default DEFAULT_ASSUMPTIONS */
  readonly assumed?: Assumptions;
  /** What counts as good. @default the contract's */
  readonly slos?: readonly Slo[];
}

/** Reads an environment as it is synthesised: the same class and the same assumptions give the same system. */
export function readSystem(Environment: EnvironmentClass, options: ReadSystemOptions = {}): System {
  const stack = new Environment(new App({ outdir: '.' }));
  const charts = stack.node.children.filter((child): child is Chart => Chart.isChart(child));
  const objects = objectsOf(charts).flat();
  return systemOf(stack, objects, options);
}

function systemOf(stack: PlatformStack, objects: readonly unknown[], options: ReadSystemOptions): System {
  const { assumed = DEFAULT_ASSUMPTIONS } = options;
  const { config } = stack;
  const manifests = new Map(objects.filter(isWorkload).map((object) => [object.metadata.name, object]));
  const requests = platformRequests(assumed).map(programOf);
  const visited = new Set(requests.flatMap(({ front, task }) => [...front, ...task].map(({ service }) => service)));
  const notes: string[] = [];
  const modelled = [...stack.workloads.values()].flatMap(({ releases }) =>
    releases.map((release) => releaseModel(stack, release, manifests, assumed, notes)),
  );
  const scaled = modelled.filter(({ service }) => visited.has(service));
  for (const { name, autoscaler } of modelled.filter(({ service }) => !visited.has(service))) {
    if (autoscaler) notes.push(`${name} gets no requests in this model: it stays at its floor.`);
  }
  const names = new Set(scaled.map(({ name }) => name));
  return {
    environment: config.name,
    region: config.region,
    props: { scaling: config.scaling, services: config.services },
    workloads: scaled,
    standing: [...manifests.values()]
      .filter(({ metadata }) => !names.has(metadata.name))
      .map((object) => standing(stack, object, assumed)),
    pools: poolsOf(config.nodePools, assumed),
    requests,
    models: new ModelMix(models, availableIn(config), assumed),
    slos: options.slos ?? slos,
    managed: Object.entries({
      redis: config.redis,
      postgres: config.postgres,
      objectStore: config.objectStore,
      qdrant: config.qdrant,
      rabbitmq: config.rabbitmq,
    })
      .filter(([, choice]) => choice.kind === 'managed')
      .map(([name]) => name),
    entrance: config.ingress.kind !== 'none',
    assumed,
    notes: [...notes, ...unreached(requests, names)],
  };
}

function releaseModel(
  stack: PlatformStack,
  release: Release,
  manifests: ReadonlyMap<string, KubeWorkload>,
  assumed: Assumptions,
  notes: string[],
): WorkloadModel {
  const manifest = manifests.get(release.name);
  if (!manifest) throw new Error(`${stack.node.path}: there is no Deployment "${release.name}" among its objects.`);
  const autoscaler = stack.autoscalers.get(release.name);
  const model = autoscaler && autoscalerModel(autoscaler);
  for (const name of model?.silent ?? [])
    notes.push(`${release.name} scales on ${name}, which this model takes to be 0.`);
  const sidecar = hasSidecar(manifest);
  const cores = coreLimit(manifest);
  const { threads } = assumed.pods;
  return {
    name: release.name,
    service: release.spec.name,
    trafficShare: trafficShare(stack, release),
    pool: poolKey(nodeLabels(manifest)),
    requests: podRequests(manifest, assumed),
    sidecar,
    threads,
    coreShare: Math.min(1, cores / threads),
    ...(release.spec.name === worker.name && { slots: slotsOf(release) }),
    readinessSeconds: readinessSeconds(manifest),
    drainSeconds: manifest.spec.template.spec.terminationGracePeriodSeconds ?? 30,
    replicas: model?.spec.minReplicas ?? manifest.spec.replicas ?? 1,
    ...(model && { autoscaler: { spec: model.spec, signals: model.signals } }),
  };
}

function podRequests(manifest: KubeWorkload, { pods: { sidecar } }: Assumptions): PodRequests {
  const own = requestsOf(manifest);
  if (!hasSidecar(manifest)) return own;
  return { cpuMilli: own.cpuMilli + sidecar.cpuMilli, memoryBytes: own.memoryBytes + sidecar.memoryMiB * 2 ** 20 };
}

/** As at the first step of a release; the controller moves the weights, which this model does not follow. */
function trafficShare(stack: PlatformStack, release: Release): number {
  const { canary } = stack.config;
  if (canary?.service !== release.spec.name) return 1;
  const [percent = 0] = canary.policy?.stepPercents ?? canaryPolicy.stepPercents;
  const share = percent / 100;
  const { stable } = stack.workloads.get(release.spec.name) ?? {};
  return release === stable ? 1 - share : share;
}

/** The variable in the process's own settings, or the contract's default. */
function slotsOf({ configMap }: Release): number {
  return Number(configMap.data[workerSettings.slots.env] ?? workerSettings.slots.default);
}

const STORES = /^(redis|rabbitmq|qdrant|postgres|object-store)/;

function standing(stack: PlatformStack, manifest: KubeWorkload, assumed: Assumptions): StandingPods {
  const { name } = manifest.metadata;
  const ours = [...stack.workloads.values()].some(({ releases }) => releases.some((release) => release.name === name));
  const component = ours ? 'application' : STORES.test(name) ? 'stores' : 'observability';
  const replicas = manifest.spec.replicas ?? stack.autoscalers.get(name)?.minReplicas ?? 1;
  return {
    name,
    component,
    pool: poolKey(nodeLabels(manifest)),
    replicas,
    requests: podRequests(manifest, assumed),
    storageBytes: storageBytes(manifest) * replicas,
  };
}

function availableIn({ providerKeys }: EnvironmentConfig): ReadonlySet<string> {
  const keys = (ref: unknown) => (ref === undefined ? [] : ['set']);
  return availableModels(models, {
    openaiApiKeys: keys(providerKeys.openai),
    anthropicApiKeys: keys(providerKeys.anthropic),
  });
}

function unreached(requests: readonly RequestProgram[], names: ReadonlySet<string>): string[] {
  const taskless = requests.some(({ task }) => task.length > 0) && !names.has(worker.name);
  return taskless ? [`Nobody consumes ${tasks.exchange}: tasks only pile up.`] : [];
}
