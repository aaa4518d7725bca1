import { k8s } from 'cdk8s-plus-28';
import { type Placement, VERSION_LABEL } from '../../contract/vocabulary/index.js';
import { type MeshRole, meshPodMeta } from '../mesh-mode.js';
import { type PlatformContext, type Priority, podSelector, priorityClassName } from '../platform-context.js';
import { type ImageRef, imageName, pullPolicy } from './image.js';
import { placement } from './node-pool.js';
import { type Resources, resourceRequirements } from './quantity.js';

/** A container's own part; the pod adds everything that Pod Security `restricted` and the linters ask for. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: ImageRef;
  readonly resources: Resources;
  /** @default the image's own */
  readonly command?: readonly string[];
  /** @default the image's own */
  readonly args?: readonly string[];
  /** Number of each port, by its name. @default none */
  readonly ports?: Readonly<Record<string, number>>;
  /** @default none */
  readonly env?: readonly k8s.EnvVar[];
  /** Name of a ConfigMap whose every key becomes a variable. @default none */
  readonly envFrom?: string;
  /** @default none */
  readonly mounts?: readonly k8s.VolumeMount[];
  /** @default none; every container that stays has them */
  readonly probes?: Pick<k8s.Container, 'livenessProbe' | 'readinessProbe' | 'startupProbe'>;
}

export interface RestrictedPodProps {
  readonly platform: PlatformContext;
  /** Name of the endpoint that the pod serves; also of its ServiceAccount. */
  readonly name: string;
  readonly placement: Placement;
  readonly priority: Priority;
  readonly meshRole: MeshRole;
  readonly containers: readonly ContainerSpec[];
  /** Run one after the other before the containers start. @default none */
  readonly initContainers?: readonly ContainerSpec[];
  readonly terminationGraceSeconds: number;
  /** @default none */
  readonly volumes?: readonly k8s.Volume[];
  /** Mounts a token for the Kubernetes API. @default false */
  readonly apiToken?: boolean;
  /** Labels beside those that select the pod. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** User and group of every container: above 10000, so that it is no user of the host. */
const UID = 10001;

/** A pod template that Pod Security `restricted` admits and kube-score and checkov have nothing to say about. */
export function restrictedPod(props: RestrictedPodProps): k8s.PodTemplateSpec {
  const selector = podSelector(props.platform, props);
  const mesh = meshPodMeta(props.platform.mesh, props.meshRole);
  const annotations = { ...mesh.annotations, ...props.annotations };
  const token = props.apiToken === true ? API_TOKEN : undefined;
  return {
    metadata: {
      labels: { ...selector, ...versionLabel(props), ...mesh.labels, ...props.labels },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      serviceAccountName: props.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priorityClassName: priorityClassName(props.platform, props.priority),
      terminationGracePeriodSeconds: props.terminationGraceSeconds,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: UID,
        runAsGroup: UID,
        fsGroup: UID,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...placement(props.platform.nodePools[props.placement], selector),
      ...(props.initContainers && {
        initContainers: props.initContainers.map((spec) => container(spec, token?.mount)),
      }),
      containers: props.containers.map((spec) => container(spec, token?.mount)),
      volumes: [TMP.volume, ...(token ? [token.volume] : []), ...(props.volumes ?? [])],
    },
  };
}

function container(spec: ContainerSpec, tokenMount: k8s.VolumeMount | undefined): k8s.Container {
  return {
    name: spec.name,
    image: imageName(spec.image),
    imagePullPolicy: pullPolicy(spec.image),
    ...(spec.command && { command: [...spec.command] }),
    ...(spec.args && { args: [...spec.args] }),
    ...(spec.env && { env: [...spec.env] }),
    ...(spec.envFrom && { envFrom: [{ configMapRef: { name: spec.envFrom } }] }),
    ...(spec.ports && {
      ports: Object.entries(spec.ports).map(([name, containerPort]) => ({ name, containerPort, protocol: 'TCP' })),
    }),
    ...spec.probes,
    resources: resourceRequirements(spec.resources),
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: UID,
      runAsGroup: UID,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: [TMP.mount, ...(tokenMount ? [tokenMount] : []), ...(spec.mounts ?? [])],
  };
}

const TMP = {
  volume: { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('256Mi') } },
  mount: { name: 'tmp', mountPath: '/tmp' },
};

/** What the API server itself would mount, but only where a pod needs it, and with a token that ends within the hour. */
const API_TOKEN = {
  volume: {
    name: 'api-token',
    projected: {
      defaultMode: 0o440,
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardApi: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    },
  },
  mount: { name: 'api-token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
};

/** What the pod runs, which the mesh's metrics and `istioctl validate` ask for: its image's tag, as far as a label holds it. */
function versionLabel({ containers: [first] }: RestrictedPodProps): Record<string, string> {
  return first ? { [VERSION_LABEL]: first.image.tag.slice(0, 63).replace(/[^A-Za-z0-9]+$/, '') } : {};
}
