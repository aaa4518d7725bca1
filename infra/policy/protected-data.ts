import type { StackValidationPolicy } from '@pulumi/policy';
import { isMapping } from '../../constructs/check/field.js';
import type { KubeManifest } from '../kube-manifest.js';
import { lastingData } from '../lasting-data.js';

/** What holds data at AWS, and the key that all of it is read by. */
const AWS_DATA = [
  'aws:rds/instance:Instance',
  'aws:elasticache/replicationGroup:ReplicationGroup',
  'aws:mq/broker:Broker',
  'aws:s3/bucket:Bucket',
  'aws:kms/key:Key',
];

/** Volumes, and the namespaces that they are in, must not go by mistake. */
export const protectedData: StackValidationPolicy = {
  name: 'protected-data',
  description: 'Without protection a `pulumi destroy`, or a replacement, deletes data that nobody can make again.',
  enforcementLevel: 'mandatory',
  remediationSteps:
    'set the option protect on the resource; take it away with `pulumi state unprotect` when the data may go.',
  validateStack: ({ resources }, report) => {
    const objects = resources.filter(({ type, props }) => type.startsWith('kubernetes:') && isMapping(props.metadata));
    const lasting = lastingData(objects.map(({ props }) => props as KubeManifest));
    for (const { type, name, urn, opts } of resources) {
      if (AWS_DATA.includes(type) && !opts.protect) report(`${name} holds data and is not protected.`, urn);
    }
    for (const { props, name, urn, opts } of objects) {
      if (lasting.has(props as KubeManifest) && !opts.protect) report(`${name} holds data and is not protected.`, urn);
    }
  },
};
