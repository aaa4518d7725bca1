import { ConfigMap } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import {
  consumerTimeoutSeconds,
  DEFAULT_CONSUMER_TIMEOUT_SECONDS,
  deliveryChain,
  holdChain,
} from '../../contract/vocabulary/index.js';
import { objectMeta } from '../platform-context.js';
import type { SecretRef } from '../workload/secret-ref.js';
import { StatefulServer } from '../workload/stateful-server.js';
import type { BackupPlan } from './backup/backup-plan.js';
import { rabbitMqBackup } from './backup/rabbitmq-backup.js';
import { PlacedStore } from './placed-store.js';
import { type RabbitMqDefinitions, rabbitMqDefinitions } from './rabbitmq-definitions.js';
import { type RabbitMqInCluster, type RabbitMqManaged, type RabbitMqProps, rabbitMqChoice } from './rabbitmq-props.js';
import { RABBITMQ_FILES, rabbitMqServer } from './rabbitmq-server.js';

/** RabbitMQ: the task queues. In the cluster it holds exactly the contract's topology from its first start. */
export class RabbitMq extends PlacedStore {
  static inCluster(props: Omit<RabbitMqInCluster, 'kind'>): RabbitMqInCluster {
    return { kind: 'inCluster', ...props };
  }

  /** The topology is then for the operator to import: see {@link RabbitMq.definitions}. */
  static managed(props: Omit<RabbitMqManaged, 'kind'>): RabbitMqManaged {
    return { kind: 'managed', ...props };
  }

  readonly password: SecretRef;
  readonly peerPorts?: readonly number[];
  readonly backup?: BackupPlan;
  readonly definitions: RabbitMqDefinitions;
  /** A message that is not acknowledged for so long goes to another worker. */
  readonly consumerTimeoutSeconds: number;
  readonly configMap?: ConfigMap;
  readonly server?: StatefulServer;

  /** @throws {TimeBudgetError} if a task may take longer than the broker waits for its acknowledgement. */
  constructor(scope: Construct, id: string, props: RabbitMqProps) {
    const { platform, spec, choice } = props;
    super(scope, id, {
      spec,
      choice,
      choiceSchema: rabbitMqChoice,
      urlInCluster: `amqp://${props.user}@${spec.name}:${spec.port}`,
    });
    this.password = choice.password;
    this.definitions = rabbitMqDefinitions(props.topologies);
    this.consumerTimeoutSeconds =
      choice.consumerTimeoutSeconds ??
      (choice.kind === 'managed' ? DEFAULT_CONSUMER_TIMEOUT_SECONDS : consumerTimeoutSeconds(props.topologies));
    for (const topology of props.topologies) {
      holdChain(this.node.path, deliveryChain(topology, this.consumerTimeoutSeconds));
    }
    if (choice.kind === 'managed') return;
    this.peerPorts = [props.peerDiscoveryPort, props.distributionPort];
    if (choice.backups.kind === 'daily') this.backup = rabbitMqBackup(props, choice, choice.backups);
    const server = rabbitMqServer(
      { ...props, consumerTimeoutSeconds: this.consumerTimeoutSeconds },
      choice,
      this.definitions,
    );
    this.configMap = new ConfigMap(this, 'configuration', {
      metadata: objectMeta(platform, spec, RABBITMQ_FILES),
      data: server.files,
    });
    this.server = new StatefulServer(this, 'server', server.props);
  }
}
