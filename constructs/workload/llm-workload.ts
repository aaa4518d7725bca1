import { type k8s, ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as z from 'zod';
import {
  holdChain,
  type ServiceSpec,
  type SettingsShape,
  type TaskLimits,
  taskChain,
} from '../../contract/vocabulary/index.js';
import { holdProps, propForms } from '../hold-props.js';
import { objectMeta, type PlatformContext } from '../platform-context.js';
import { markSourceLine } from '../source-line.js';
import { namespacedRole } from './namespaced-role.js';
import { Release, type ReleaseProps, type ReleaseScope } from './release.js';

export interface LlmWorkloadProps<S extends SettingsShape> extends ReleaseProps<S> {
  readonly platform: PlatformContext;
  readonly spec: ServiceSpec<S>;
  /** Longest piece of work, in seconds, that a pod may be in the middle of when it is told to end. */
  readonly drainSeconds: number;
  /** The tasks that it takes from a broker: their limits must fit between its grace period and its model calls. @default none */
  readonly consumes?: TaskConsumption;
  /** What the process may do in the platform's namespace through the Kubernetes API. @default nothing, and no token */
  readonly permissions?: readonly k8s.PolicyRule[];
}

/** Tasks that a process takes from a broker. */
export interface TaskConsumption {
  readonly tasks: readonly TaskLimits[];
  /** The broker takes a message back that is not acknowledged for so long. */
  readonly consumerTimeoutSeconds: number;
}

const workloadProps = z.object({ drainSeconds: propForms.seconds });

/** What a process has, after its work is done, to close its connections. */
const EXIT_SECONDS = 5;

/** A process of the application: an identity of its own and one release, or two while a new one is tried. */
export abstract class LlmWorkload<S extends SettingsShape = SettingsShape> extends Construct {
  readonly platform: PlatformContext;
  readonly spec: ServiceSpec<S>;
  readonly serviceAccount: ServiceAccount;
  /** The release that is there in any case. */
  readonly stable: Release;
  private readonly shared: ReleaseScope;
  private readonly added: Release[] = [];

  /** @throws {TimeBudgetError} if the process would be ended, or its message taken back, in the middle of a task. */
  protected constructor(scope: Construct, id: string, props: LlmWorkloadProps<S>, preStopSeconds?: number) {
    super(scope, id);
    markSourceLine(this);
    holdProps(this, workloadProps, props);
    const graceSeconds = (preStopSeconds ?? 0) + props.drainSeconds + EXIT_SECONDS;
    holdTasks(this.node.path, graceSeconds, preStopSeconds ?? 0, props.consumes);
    this.platform = props.platform;
    this.spec = props.spec;
    const metadata = objectMeta(props.platform, props.spec);
    this.serviceAccount = new ServiceAccount(this, 'service-account', { metadata, automountToken: false });
    if (props.permissions) namespacedRole(this, props.platform, props.spec, props.permissions);
    this.shared = {
      platform: props.platform,
      spec: props.spec,
      graceSeconds,
      apiToken: props.permissions !== undefined,
      ...(preStopSeconds !== undefined && { preStopSeconds }),
    };
    this.stable = new Release(this, props.version, this.shared, { ...props, name: props.spec.name });
  }

  get deployment() {
    return this.stable.deployment;
  }

  get configMap() {
    return this.stable.configMap;
  }

  /** Every release, the stable one first. */
  get releases(): readonly Release[] {
    return [this.stable, ...this.added];
  }

  /**
   * Adds a second release beside the stable one, under the same Service and identity: a canary.
   * @throws if a release of that version is there already.
   */
  addRelease(props: ReleaseProps<S>): Release {
    if (this.releases.some(({ version }) => version === props.version)) {
      throw new Error(
        `${this.node.path}: version "${props.version}" is there already; a second release needs a version of its own.`,
      );
    }
    const release = new Release(this, props.version, this.shared, {
      ...props,
      name: `${this.spec.name}-${props.version}`,
    });
    this.added.push(release);
    return release;
  }
}

function holdTasks(path: string, graceSeconds: number, preStopSeconds: number, consumes?: TaskConsumption): void {
  if (!consumes) return;
  const { tasks, consumerTimeoutSeconds } = consumes;
  for (const limits of tasks) {
    holdChain(path, taskChain(limits, { consumerTimeoutSeconds, graceSeconds, preStopSeconds }));
  }
}
