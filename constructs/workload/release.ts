import { createHash } from 'node:crypto';
import type { ApiObject } from 'cdk8s';
import { ConfigMap, k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as z from 'zod';
import { type ServiceSpec, type SettingsShape, VERSION_LABEL } from '../../contract/vocabulary/index.js';
import { holdProps, propForms } from '../hold-props.js';
import { objectMeta, type PlatformContext, podSelector } from '../platform-context.js';
import { markSourceLine } from '../source-line.js';
import { type ImageRef, imageRef } from './image.js';
import { podDisruptionBudget } from './pod-disruption-budget.js';
import { httpProbes } from './probe.js';
import { type Resources, resources } from './quantity.js';
import { restrictedPod } from './restricted-pod.js';
import { mountSecrets, secretPath } from './secret-ref.js';
import { type RenderedSettings, renderSettings, type SettingValues } from './setting-values.js';
import { deployment } from './workload-object.js';

/** What one version of a process is deployed with. */
export interface ReleaseProps<S extends SettingsShape = SettingsShape> {
  /** Value of the version label: `v1`. Traffic is split by it. */
  readonly version: string;
  readonly image: ImageRef;
  readonly settings: SettingValues<S>;
  /** `'autoscaled'` leaves the number to an {@link Autoscaler}, and then nothing else may state it. */
  readonly replicas: number | 'autoscaled';
  readonly resources: Resources;
  /** Arguments of the container. @default the image's own */
  readonly args?: readonly string[];
  /**
   * How secrets reach the process: as files named by `<ENV>_FILE` variables, or as environment variables, which child processes
   * inherit and crash dumps hold (CIS Kubernetes 5.4.1).
   * @default 'files'
   */
  readonly secretsAs?: 'files' | 'environment';
}

const releaseProps = z.object({
  version: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9.-]{0,18}[a-z0-9])?$/,
      'must be at most 20 lower case letters, digits, dots and dashes: v1',
    ),
  image: imageRef,
  resources,
  replicas: z.union([propForms.replicas, z.literal('autoscaled')], "must be a whole number from 1, or 'autoscaled'"),
});

/** What the versions of one process share. */
export interface ReleaseScope {
  readonly platform: PlatformContext;
  readonly spec: ServiceSpec;
  /** What a pod gets, in seconds, from being told to end until it is ended. */
  readonly graceSeconds: number;
  /** Seconds for which a pod still gets new requests after it was told to end. */
  readonly preStopSeconds?: number;
  readonly apiToken: boolean;
}

/** One version of a process: its settings, its pods, and how many of them may be away. */
export class Release extends Construct {
  /** Name of the Deployment. */
  readonly name: string;
  readonly version: string;
  readonly spec: ServiceSpec;
  readonly platform: PlatformContext;
  readonly replicas: number | 'autoscaled';
  readonly resources: Resources;
  readonly configMap: ConfigMap;
  readonly deployment: ApiObject;
  readonly disruptionBudget: k8s.KubePodDisruptionBudget;
  private autoscaler?: Construct;

  constructor(scope: Construct, id: string, shared: ReleaseScope, props: ReleaseProps & { readonly name: string }) {
    super(scope, id);
    markSourceLine(this);
    holdProps(this, releaseProps, props);
    const { platform, spec } = shared;
    const { name, version } = props;
    this.name = name;
    this.version = version;
    this.spec = spec;
    this.platform = platform;
    this.replicas = props.replicas;
    this.resources = props.resources;
    const metadata = objectMeta(platform, spec, name);
    const selector = { ...podSelector(platform, spec), [VERSION_LABEL]: version };
    const settings = renderSettings(this.node.path, spec.settings, props.settings);

    this.configMap = new ConfigMap(this, 'settings', {
      metadata: objectMeta(platform, spec, `${name}-settings`),
      data: { ...settings.plain },
    });
    this.deployment = deployment(this, 'deployment', {
      metadata,
      ...(shared.preStopSeconds !== undefined && { preStopSeconds: shared.preStopSeconds }),
      spec: {
        ...(props.replicas !== 'autoscaled' && { replicas: props.replicas }),
        selector: { matchLabels: selector },
        revisionHistoryLimit: 5,
        // New pods first: a release never lowers what can be served.
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: k8s.IntOrString.fromString('25%'), maxUnavailable: k8s.IntOrString.fromNumber(0) },
        },
        template: this.podTemplate(shared, props, settings),
      },
    });
    this.disruptionBudget = podDisruptionBudget(this, { metadata, selector });
    this.node.addValidation({ validate: () => this.replicasProblem() });
  }

  /**
   * Gives the number of replicas into the hands of one autoscaler.
   * @throws if this release states its replicas, or another autoscaler has it.
   */
  scaleBy(autoscaler: Construct): void {
    if (this.replicas !== 'autoscaled') {
      throw new Error(
        `${this.node.path} states ${this.replicas} replicas, which every apply would set back. Fix: replicas: 'autoscaled'.`,
      );
    }
    if (this.autoscaler) {
      throw new Error(
        `${this.node.path} is scaled by ${this.autoscaler.node.path}; two autoscalers would fight over it.`,
      );
    }
    this.autoscaler = autoscaler;
  }

  private replicasProblem(): string[] {
    const forgotten = this.replicas === 'autoscaled' && !this.autoscaler;
    return forgotten
      ? ["replicas: 'autoscaled', but no Autoscaler has this release. Fix: add one, or state a number."]
      : [];
  }

  private podTemplate(shared: ReleaseScope, props: ReleaseProps, settings: RenderedSettings): k8s.PodTemplateSpec {
    const { spec, platform } = shared;
    const secrets = props.secretsAs === 'environment' ? secretVariables(settings) : secretFiles(settings);
    return restrictedPod({
      platform,
      name: spec.name,
      placement: spec.placement,
      priority: spec.kind === 'worker' ? 'batch' : 'serving',
      meshRole: 'member',
      labels: { [VERSION_LABEL]: props.version },
      // A changed setting is a changed template, so that the pods are replaced and read it.
      annotations: { 'checksum/settings': checksum(settings.plain) },
      apiToken: shared.apiToken,
      terminationGraceSeconds: shared.graceSeconds,
      volumes: secrets.volumes,
      containers: [
        {
          name: spec.name,
          image: props.image,
          resources: props.resources,
          ...(props.args && { args: props.args }),
          ports: { http: spec.port },
          env: secrets.env,
          envFrom: this.configMap.name,
          mounts: secrets.mounts,
          probes: httpProbes(spec.probes),
        },
      ],
    });
  }
}

function secretFiles({ secrets }: RenderedSettings) {
  const env = Object.entries(secrets).map(([name, ref]) => ({ name: `${name}_FILE`, value: secretPath(ref) }));
  return { env, ...mountSecrets(Object.values(secrets)) };
}

function secretVariables({ secrets }: RenderedSettings) {
  const env = Object.entries(secrets).map(([name, { secret, key }]) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
  }));
  return { env, volumes: [], mounts: [] };
}

function checksum(data: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}
