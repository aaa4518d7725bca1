import { isMapping, listAt, mapAt, textAt } from '../../../constructs/check/field.js';
import { type AwsResource, resourcePolicy } from './resource-policy.js';

/** Whether a resource keeps what it holds encrypted, by type. What is not listed holds nothing, or AWS encrypts it in any case. */
const IS_ENCRYPTED: Readonly<Record<string, (resource: AwsResource, all: readonly AwsResource[]) => boolean>> = {
  'aws:rds/instance:Instance': ({ props }) => props.storageEncrypted === true,
  'aws:rds/cluster:Cluster': ({ props }) => props.storageEncrypted === true,
  'aws:elasticache/replicationGroup:ReplicationGroup': ({ props }) =>
    props.atRestEncryptionEnabled === true && props.transitEncryptionEnabled === true,
  'aws:mq/broker:Broker': ({ props }) => mapAt(props, 'encryptionOptions').useAwsOwnedKey === false,
  'aws:ebs/volume:Volume': ({ props }) => props.encrypted === true,
  'aws:efs/fileSystem:FileSystem': ({ props }) => props.encrypted === true,
  'aws:ec2/launchTemplate:LaunchTemplate': ({ props }) =>
    listAt(props, 'blockDeviceMappings').every((device) => textAt(device, 'ebs.encrypted') === 'true'),
  'aws:eks/cluster:Cluster': ({ props }) => textAt(props, 'encryptionConfig.provider.keyArn') !== undefined,
  'aws:s3/bucket:Bucket': ({ props }, all) => all.some((one) => encryptsBucket(one, textAt(props, 'bucket'))),
  'kubernetes:storage.k8s.io/v1:StorageClass': ({ props }) =>
    textAt(props, 'provisioner') !== 'ebs.csi.aws.com' || textAt(props, 'parameters.encrypted') === 'true',
};

function encryptsBucket({ type, props }: AwsResource, bucket: string | undefined): boolean {
  if (!type.startsWith('aws:s3/bucketServerSideEncryptionConfiguration:')) return false;
  const algorithms = listAt(props, 'rules')
    .filter(isMapping)
    .map((rule) => textAt(rule, 'applyServerSideEncryptionByDefault.sseAlgorithm'));
  return textAt(props, 'bucket') === bucket && algorithms.includes('aws:kms');
}

/** Whatever holds data holds it encrypted. */
export const encryptedStorage = resourcePolicy({
  name: 'no-unencrypted-storage',
  description: 'A disk, a snapshot or a backup that gets into the wrong hands must be of no use there.',
  remediationSteps:
    'switch encryption on, with the key of the stack; of most stores that is possible only when they are made.',
  faults: (resource, all) => {
    const isEncrypted = IS_ENCRYPTED[resource.type];
    return isEncrypted && !isEncrypted(resource, all) ? ['is not encrypted'] : [];
  },
});
