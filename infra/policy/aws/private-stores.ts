import { mapAt, textAt, textsAt } from '../../../constructs/check/field.js';
import { isOpenRange } from '../../aws/is-open-range.js';
import { type AwsResource, resourcePolicy } from './resource-policy.js';

const BLOCKS = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'];

/** Stores, and the cluster's API, are not for everybody to reach. */
export const privateStores = resourcePolicy({
  name: 'no-public-store',
  description:
    'What anybody can reach is attacked at once, and one weak password or one mistake in a policy gives all of it away.',
  remediationSteps:
    'leave publiclyAccessible false, block public access of the bucket, name the addresses that reach the API.',
  faults: (resource, all) => {
    const { type, props } = resource;
    if (props.publiclyAccessible === true) return ['can be reached from the internet'];
    if (type === 'aws:eks/cluster:Cluster') return clusterFaults(props);
    if (type === 'aws:s3/bucket:Bucket') return bucketFaults(resource, all);
    return [];
  },
});

function clusterFaults(props: AwsResource['props']): readonly string[] {
  const access = mapAt(props, 'vpcConfig');
  if (access.endpointPublicAccess === false) return [];
  const cidrs = textsAt(access, 'publicAccessCidrs');
  // Without a list EKS lets in everybody.
  const isOpen = cidrs.length === 0 || cidrs.some(isOpenRange);
  return isOpen ? ['lets everybody reach its API'] : [];
}

function bucketFaults({ props }: AwsResource, all: readonly AwsResource[]): readonly string[] {
  const block = all.find(
    (one) =>
      one.type === 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock' &&
      textAt(one.props, 'bucket') === textAt(props, 'bucket'),
  );
  return BLOCKS.every((key) => block?.props[key] === true) ? [] : ['may be made public'];
}
