import { Instance } from '@pulumi/aws/rds/instance.js';
import { ParameterGroup } from '@pulumi/aws/rds/parameterGroup.js';
import { SubnetGroup } from '@pulumi/aws/rds/subnetGroup.js';
import * as pulumi from '@pulumi/pulumi';
import { postgres } from '../../contract/index.js';
import { storeAccess } from './store-access.js';
import type { StoreProps } from './store-props.js';

const MAJOR_VERSION = '17';
/** AWS's authority that the kit gives its pods the certificates of. */
const CERTIFICATE_AUTHORITY = 'rds-ca-rsa2048-g1';

export interface DatabaseProps extends StoreProps {
  /** Name of the database and of its owner. */
  readonly account: string;
}

/** PostgreSQL by RDS: encrypted, private, TLS only, backed up; in two zones where the size says so. */
export class Database extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;

  constructor(name: string, props: DatabaseProps, options: pulumi.ComponentResourceOptions) {
    super('armature:aws:Database', name, {}, options);
    const { network, clients, key, size, password, account } = props;
    const { instanceClass, multiAz, storageGb, maxStorageGb, backupDays } = size.database;
    const parent = { parent: this };
    const subnets = new SubnetGroup(name, { subnetIds: network.dataSubnets.map(({ id }) => id) }, parent);
    const parameters = new ParameterGroup(
      name,
      {
        family: `postgres${MAJOR_VERSION}`,
        parameters: [
          { name: 'rds.force_ssl', value: '1' },
          { name: 'log_min_duration_statement', value: '1000' },
        ],
      },
      parent,
    );
    const group = storeAccess(name, { vpcId: network.vpc.id, from: clients, port: postgres.port }, parent);
    const instance = new Instance(
      name,
      {
        engine: 'postgres',
        engineVersion: MAJOR_VERSION,
        instanceClass,
        multiAz,
        allocatedStorage: storageGb,
        maxAllocatedStorage: maxStorageGb,
        storageType: 'gp3',
        storageEncrypted: true,
        kmsKeyId: key.arn,
        dbName: account,
        username: account,
        password,
        port: postgres.port,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [group.id],
        publiclyAccessible: false,
        parameterGroupName: parameters.name,
        caCertIdentifier: CERTIFICATE_AUTHORITY,
        backupRetentionPeriod: backupDays,
        backupWindow: '02:00-02:30',
        maintenanceWindow: 'sun:03:00-sun:04:00',
        copyTagsToSnapshot: true,
        deletionProtection: true,
        deleteAutomatedBackups: false,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: `${name}-${pulumi.getStack()}-final`,
        autoMinorVersionUpgrade: true,
        performanceInsightsEnabled: true,
        enabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
      },
      { ...parent, protect: true },
    );
    this.host = instance.address;
    this.registerOutputs();
  }
}
