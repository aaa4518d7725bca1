import * as z from 'zod';
import {
  alertmanagerChoice,
  type BadValue,
  backupTarget,
  badValues,
  badValueText,
  dashboardsChoice,
  imageRef,
  ingressChoice,
  MetricsBackend,
  meshMode,
  metricsBackend,
  monitoringChoice,
  namespaceQuota,
  nodePool,
  objectStoreChoice,
  ownNamespace,
  postgresChoice,
  qdrantChoice,
  rabbitMqChoice,
  redisChoice,
  resources,
  secretRef,
  tracingChoice,
} from '../constructs/index.js';
import {
  canaryReleasePolicy,
  canaryWebhook,
  gateway,
  PLACEMENTS,
  type ServiceName,
  services,
} from '../contract/index.js';
import type { ThirdPartyImage } from './images.js';
import { thirdPartyImages } from './images.js';
import { scalingChoice } from './scaling.js';

const dnsLabel = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be lower case letters, digits and dashes, and begin with a letter');

const SERVICE_NAMES = Object.keys(services) as [ServiceName, ...ServiceName[]];
const THIRD_PARTY_IMAGES = Object.keys(thirdPartyImages) as [ThirdPartyImage, ...ThirdPartyImage[]];

/** What one service has that the others have not. */
const serviceOverrides = z.strictObject({
  /** @default the contract's floor */
  minReplicas: z.int().min(1).optional(),
  /** @default the environment's ceiling */
  maxReplicas: z.int().min(1).optional(),
  /** Where nothing scales. @default the environment's number */
  replicas: z.int().min(1).max(50).optional(),
  /** @default the environment's `resources` */
  resources: resources.optional(),
  /** @default the environment's `image` */
  image: imageRef.optional(),
});

/** A service whose releases are tried beside the stable one, and what stands in its second slot. */
const canary = z.strictObject({
  service: z.enum(SERVICE_NAMES).refine((name) => services[name].kind === 'service' && name !== gateway.name, {
    error: `must be a service that other services call; ${gateway.name} is called from outside the mesh`,
  }),
  image: imageRef,
  /** By what it is judged. @default the chapter's figures (32.6) for all that is left out */
  policy: canaryReleasePolicy.optional(),
  /** Who is asked about a release. @default nobody */
  webhooks: z.array(canaryWebhook).default([]),
  /** Where they are. @default any public address */
  webhookCidrs: z
    .array(z.cidrv4({ error: 'must be an address range, such as 10.0.0.0/16' }))
    .min(1)
    .optional(),
});

const identityProvider = z.strictObject({
  jwksUrl: z.url({ protocol: /^https$/, error: 'must be the https:// address of a key set (JWKS)' }),
  /** Required `iss` of every token. */
  issuer: z.string().min(1),
  /** Required `aud` of every token. */
  audience: z.string().min(1),
  /** Addresses that the key set is at. @default any public address */
  cidrs: z
    .array(z.cidrv4({ error: 'must be an address range, such as 10.0.0.0/16' }))
    .min(1)
    .optional(),
});

/** All of 10.0.0.0/8 is the widest that anybody may call private. */
const LEAST_PREFIX = 8;

const fields = z.strictObject({
  name: dnsLabel,
  /** Everything but cluster-wide objects stands in it. */
  namespace: ownNamespace,
  /** Region of the object store's bucket. */
  region: z.string().regex(/^[a-z0-9-]+$/, 'must be the name of a region, such as eu-central-1'),
  /** Image of the application; one image holds every process. */
  image: imageRef,
  /** Images of stores, exporters and metrics. */
  thirdPartyImages: z.record(z.enum(THIRD_PARTY_IMAGES), imageRef),
  /** Nodes that each placement means in this cluster. */
  nodePools: z.record(z.enum(PLACEMENTS), nodePool),
  /** Address ranges of the cluster's API servers: Prometheus, the adapter and the canary controller call them, and they the adapter. */
  controlPlaneCidrs: z
    .array(
      z
        .cidrv4({ error: 'must be an address range, such as 10.0.0.0/16' })
        .refine(
          (cidr) => Number(cidr.split('/')[1]) >= LEAST_PREFIX,
          'must not be every address, or half of them: name the ranges of the API servers, such as 10.40.0.0/20',
        ),
    )
    .min(1),
  mesh: meshMode,
  ingress: ingressChoice,
  resources,
  scaling: scalingChoice,
  /** Who hands Prometheus's numbers to the autoscalers. */
  metricsBackend: metricsBackend.default(MetricsBackend.prometheusAdapter()),
  /** What the cluster grants the namespace. @default what the workloads need at their ceilings */
  quota: namespaceQuota.optional(),
  services: z.partialRecord(z.enum(SERVICE_NAMES), serviceOverrides),
  canary: canary.optional(),
  redis: redisChoice,
  qdrant: qdrantChoice,
  rabbitmq: rabbitMqChoice,
  postgres: postgresChoice,
  objectStore: objectStoreChoice,
  /** Whose Prometheus scrapes, evaluates the rules and is asked. */
  monitoring: monitoringChoice,
  /** Where the stores that run in the cluster are saved to. */
  backupTarget,
  /** Who is told of alerts. */
  alerting: alertmanagerChoice,
  /** Who shows the dashboards. */
  dashboards: dashboardsChoice,
  /** Where traces go. */
  tracing: tracingChoice,
  /** Where people read the kit's runbooks: each alert links to `<runbooks>/<name>.md`. */
  runbooks: z
    .url({ protocol: /^https?$/, error: 'must be the address of a folder, such as https://wiki.example.com/runbooks' })
    .default('https://github.com/armature/armature/blob/main/docs/runbooks'),
  /** Secret that HS256 tokens are signed with. */
  tokenSecret: secretRef,
  /** Hosts whose pages the agent may read over HTTPS. Without one it has no way out. */
  agentFetchHosts: z
    .array(z.hostname({ error: 'must be a host name, such as docs.example.com; it is read over HTTPS' }))
    .default([]),
  /**
   * Who signs the users' tokens, beside that secret: the gateway fetches its keys over TLS, and is let through to it.
   * @default nobody
   */
  identityProvider: identityProvider.optional(),
  /** Keys of model providers. Without one only the local answerer works. */
  providerKeys: z.strictObject({ openai: secretRef.optional(), anthropic: secretRef.optional() }),
});

/** What somebody else's Prometheus cannot do. */
function operatorProblems({ monitoring, alerting, mesh }: z.output<typeof fields>): string[] {
  if (monitoring.kind !== 'operator') return [];
  return [
    ...(alerting.kind === 'none'
      ? []
      : ['tells an Alertmanager of its own: use Alertmanager.none(why), and route the alerts there']),
    ...(mesh.kind !== 'sidecar' || monitoring.meshCertificates !== undefined
      ? []
      : [
          'must show members of the mesh a certificate, and the mesh is "sidecar": set meshCertificates to the folder that its pods have it in',
        ]),
  ];
}

/** Everything in which one environment may differ from another. */
export const environmentConfig = fields.superRefine((config, ctx) => {
  if (config.canary && config.mesh.kind !== 'sidecar') {
    ctx.addIssue({
      code: 'custom',
      path: ['canary'],
      message: `needs a proxy at each caller to split the requests, and the mesh is "${config.mesh.kind}": use Mesh.sidecar({ cni: true }), or no canary`,
    });
  }
  for (const message of operatorProblems(config)) ctx.addIssue({ code: 'custom', path: ['monitoring'], message });
  if (config.ingress.kind === 'nginx' && config.mesh.kind !== 'none') {
    ctx.addIssue({
      code: 'custom',
      path: ['ingress'],
      message: `is ingress-nginx, which is no member of the mesh, and the mesh is "${config.mesh.kind}": it would be refused. Use PublicIngress.gateway(…) or .gatewayApi(…), or Mesh.none(why)`,
    });
  }
  const deaf = config.scaling.kind === 'fixed' ? (['minReplicas', 'maxReplicas'] as const) : (['replicas'] as const);
  for (const name of SERVICE_NAMES) {
    for (const key of deaf.filter((one) => config.services[name]?.[one] !== undefined)) {
      ctx.addIssue({
        code: 'custom',
        path: ['services', name, key],
        message:
          key === 'replicas'
            ? 'is for environments where nothing scales, and an autoscaler decides here: set minReplicas and maxReplicas'
            : 'bounds an autoscaler, and nothing scales here: set replicas, or choose Scaling.autoscaled',
      });
    }
  }
  const { objectStore, backupTarget: target } = config;
  if (target.kind === 'objectStore' && objectStore.kind === 'inCluster' && objectStore.backups.kind === 'daily') {
    ctx.addIssue({
      code: 'custom',
      path: ['objectStore', 'backups'],
      message: 'would be kept in the store that they save: use BackupTarget.managed({ … }), or Backups.none(why)',
    });
  }
  if (config.scaling.kind !== 'autoscaled') return;
  for (const name of SERVICE_NAMES) {
    const floor = config.services[name]?.minReplicas ?? config.scaling.minReplicas ?? services[name].minReplicas;
    const ceiling = config.services[name]?.maxReplicas ?? config.scaling.maxReplicas;
    if (services[name].kind !== 'controller' && floor > ceiling) {
      ctx.addIssue({
        code: 'custom',
        path: ['services', name],
        message: `has a floor of ${floor} replicas above its ceiling of ${ceiling}: set minReplicas or maxReplicas`,
      });
    }
  }
});
export type EnvironmentConfig = z.output<typeof environmentConfig>;
export type EnvironmentConfigInput = z.input<typeof environmentConfig>;

/** A config that no platform can be built from. It tells every bad value at once. */
export class EnvironmentConfigError extends Error {
  override readonly name = 'EnvironmentConfigError';
  constructor(
    readonly environment: string,
    readonly problems: readonly BadValue[],
  ) {
    super(
      `Environment "${environment}": ${problems.length} bad value${problems.length === 1 ? '' : 's'}\n` +
        problems.map((problem) => `  ${badValueText(problem)}`).join('\n'),
    );
  }
}

/** @throws {EnvironmentConfigError} naming every bad value. */
export function parseEnvironmentConfig(input: unknown): EnvironmentConfig {
  // A config is read once: compiling a validator for it costs more than it saves.
  const parsed = environmentConfig.safeParse(input, { jitless: true });
  if (parsed.success) return parsed.data;
  const { name = 'without a name' } = (input ?? {}) as { readonly name?: unknown };
  throw new EnvironmentConfigError(String(name), badValues(parsed.error, input));
}
