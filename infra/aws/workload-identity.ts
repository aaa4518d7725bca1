import { PodIdentityAssociation } from '@pulumi/aws/eks/podIdentityAssociation.js';
import type { Key } from '@pulumi/aws/kms/key.js';
import * as pulumi from '@pulumi/pulumi';
import type { Bucket } from './bucket.js';
import { POD_IDENTITY, ServiceRole, type Statement } from './service-role.js';

export interface WorkloadIdentityProps {
  readonly clusterName: pulumi.Input<string>;
  readonly namespace: string;
  /** Of the pods, which bear its name. */
  readonly serviceAccount: string;
  readonly statements: readonly Statement[];
}

/** The role of one service's pods. A service that calls nothing of AWS has none. */
export class WorkloadIdentity extends pulumi.ComponentResource {
  constructor(props: WorkloadIdentityProps, options: pulumi.ComponentResourceOptions) {
    const { clusterName, namespace, serviceAccount, statements } = props;
    super('armature:aws:WorkloadIdentity', serviceAccount, {}, options);
    const parent = { parent: this };
    const role = new ServiceRole(serviceAccount, { service: POD_IDENTITY, statements }, parent);
    new PodIdentityAssociation(
      serviceAccount,
      { clusterName, namespace, serviceAccount, roleArn: role.arn },
      { ...parent, dependsOn: [...role.grants] },
    );
    this.registerOutputs();
  }
}

/** To read and write what is in one bucket, and nothing about the bucket itself. */
export function bucketStatements({ arn }: Bucket, key: Key): readonly Statement[] {
  return [
    { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [arn] },
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      Resource: [pulumi.interpolate`${arn}/*`],
    },
    { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: [key.arn] },
  ];
}
