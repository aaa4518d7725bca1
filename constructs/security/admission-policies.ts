import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { type PlatformContext, platformMeta } from '../platform-context.js';
import { PUBLIC_ANNOTATION } from '../workload/public-annotation.js';

export interface AdmissionPoliciesProps {
  readonly platform: PlatformContext;
  /** Service accounts whose pods may mount a token for the Kubernetes API. */
  readonly tokenAccounts: readonly string[];
}

/** One promise, as an expression (CEL) that is true where it is kept. */
interface Promised {
  readonly name: string;
  readonly of: keyof typeof SUBJECTS;
  readonly expression: string;
  /** What is wrong, and the fix. */
  readonly message: string;
}

/**
 * Keeps for later manifests, whoever writes them, the promises that this kit's own keep: the API server refuses what breaks one in the
 * platform's namespace (Kubernetes 1.30). Policies belong to the whole cluster, so their names carry the namespace.
 */
export class AdmissionPolicies extends Construct {
  readonly policies: readonly ApiObject[];
  readonly bindings: readonly ApiObject[];

  constructor(scope: Construct, id: string, props: AdmissionPoliciesProps) {
    super(scope, id);
    const promises = promisesOf(props);
    this.policies = promises.map((promise) => this.policy(props.platform, promise));
    this.bindings = promises.map((promise) => this.binding(props.platform, promise));
  }

  private policy(platform: PlatformContext, promise: Promised): ApiObject {
    const { rules, variables } = SUBJECTS[promise.of];
    return new ApiObject(this, promise.name, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: metadataOf(platform, promise),
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: rules },
        // What was there before the policy can still be relabelled, and its finalizers removed.
        matchConditions: [
          {
            name: 'spec-changed',
            expression: "request.operation == 'CREATE' || dyn(object).spec != dyn(oldObject).spec",
          },
        ],
        ...(variables.length > 0 && { variables }),
        validations: [{ expression: promise.expression, message: promise.message, reason: 'Forbidden' }],
      },
    });
  }

  private binding(platform: PlatformContext, promise: Promised): ApiObject {
    const metadata = metadataOf(platform, promise);
    return new ApiObject(this, `${promise.name}-binding`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: {
        policyName: metadata.name,
        validationActions: ['Deny'],
        matchResources: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': platform.namespace } },
        },
      },
    });
  }
}

function metadataOf(platform: PlatformContext, { name }: Promised) {
  const { labels } = platformMeta(platform, name);
  return { name: `${platform.namespace}-${name}`, labels };
}

/** `dyn` because the rules match several kinds: an expression is checked against each, and none has all three places. */
const POD_SPEC = [
  'has(dyn(object).spec.jobTemplate) ? dyn(object).spec.jobTemplate.spec.template.spec',
  'has(dyn(object).spec.template) ? dyn(object).spec.template.spec',
  'dyn(object).spec',
].join(' : ');

const orNone = (list: string) => `(has(variables.podSpec.${list}) ? variables.podSpec.${list} : [])`;

function rule(apiGroup: string, resources: readonly string[]) {
  return { apiGroups: [apiGroup], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources };
}

/** What a promise is about: where it is looked for, and what its expression may name. */
const SUBJECTS = {
  /** Pods, and what makes them: a template is refused when it is applied, not when its first pod is missing. */
  pods: {
    rules: [
      rule('', ['pods', 'pods/ephemeralcontainers']),
      rule('apps', ['deployments', 'statefulsets', 'daemonsets']),
      rule('batch', ['jobs', 'cronjobs']),
    ],
    variables: [
      { name: 'podSpec', expression: POD_SPEC },
      { name: 'containers', expression: `variables.podSpec.containers + ${orNone('initContainers')}` },
    ],
  },
  services: { rules: [rule('', ['services'])], variables: [] },
} as const;

function promisesOf({ tokenAccounts }: AdmissionPoliciesProps): readonly Promised[] {
  const accounts = tokenAccounts.map((name) => `'${name}'`).join(', ');
  return [
    {
      name: 'images',
      of: 'pods',
      // A registry's port is no tag: no slash may follow it.
      expression: `(variables.containers + ${orNone('ephemeralContainers')}).all(c, has(c.image) && c.image.matches('^([^@]+:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|[^@]+@sha256:[0-9a-f]{64})$') && !c.image.matches(':latest(@|$)'))`,
      message:
        'Every image needs a version: a tag other than latest, or a digest. Fix: image: registry/path:1.2.3, best with @sha256:… behind it.',
    },
    {
      name: 'resources',
      of: 'pods',
      expression:
        "variables.containers.all(c, has(c.resources) && has(c.resources.requests) && has(c.resources.limits) && ['cpu', 'memory'].all(name, name in c.resources.requests && name in c.resources.limits))",
      message:
        'Every container needs requests and limits of CPU and memory. Fix: resources.requests and resources.limits, each with cpu and memory.',
    },
    {
      name: 'tokens',
      of: 'pods',
      expression: `(has(variables.podSpec.automountServiceAccountToken) && !variables.podSpec.automountServiceAccountToken) || (has(variables.podSpec.serviceAccountName) && variables.podSpec.serviceAccountName in [${accounts}])`,
      message: `A pod mounts no token for the Kubernetes API unless its service account needs one (${tokenAccounts.join(', ') || 'none does'}). Fix: automountServiceAccountToken: false in the pod's spec.`,
    },
    {
      name: 'services',
      of: 'services',
      expression: `!has(object.spec.type) || !(object.spec.type in ['NodePort', 'LoadBalancer']) || (has(object.metadata.annotations) && '${PUBLIC_ANNOTATION}' in object.metadata.annotations)`,
      message: `A Service has no address outside the cluster; the public ingress is the way in. Fix: type: ClusterIP, or the annotation ${PUBLIC_ANNOTATION} with the reason.`,
    },
  ];
}
