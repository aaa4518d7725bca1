import { Broker as AmazonMq } from '@pulumi/aws/mq/broker.js';
import * as pulumi from '@pulumi/pulumi';
import { storeAccess } from './store-access.js';
import type { StoreProps } from './store-props.js';

/** Where Amazon MQ listens: AMQP over TLS, and nothing else. */
export const AMQPS_PORT = 5671;

export interface BrokerProps extends StoreProps {
  /** Who the application connects as. */
  readonly account: string;
}

/** RabbitMQ by Amazon MQ: private, encrypted; three nodes in three zones where the size says so. */
export class Broker extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;

  constructor(name: string, props: BrokerProps, options: pulumi.ComponentResourceOptions) {
    super('armature:aws:Broker', name, {}, options);
    const { network, clients, key, size, password, account } = props;
    const { instanceType, isCluster } = size.broker;
    const parent = { parent: this };
    const group = storeAccess(name, { vpcId: network.vpc.id, from: clients, port: AMQPS_PORT }, parent);
    const subnets = network.dataSubnets.slice(0, isCluster ? network.dataSubnets.length : 1);
    const broker = new AmazonMq(
      name,
      {
        engineType: 'RabbitMQ',
        engineVersion: '3.13',
        hostInstanceType: instanceType,
        deploymentMode: isCluster ? 'CLUSTER_MULTI_AZ' : 'SINGLE_INSTANCE',
        publiclyAccessible: false,
        subnetIds: subnets.map(({ id }) => id),
        securityGroups: [group.id],
        encryptionOptions: { useAwsOwnedKey: false, kmsKeyId: key.arn },
        users: [{ username: account, password }],
        logs: { general: true },
        autoMinorVersionUpgrade: true,
        maintenanceWindowStartTime: { dayOfWeek: 'SUNDAY', timeOfDay: '05:00', timeZone: 'UTC' },
      },
      { ...parent, protect: true },
    );
    this.host = broker.instances.apply(([first]) => hostOf(first?.endpoints[0]));
    this.registerOutputs();
  }
}

/** An endpoint is `amqps://HOST:PORT`. */
function hostOf(endpoint: string | undefined): string {
  return endpoint === undefined ? '' : new URL(endpoint).hostname;
}
