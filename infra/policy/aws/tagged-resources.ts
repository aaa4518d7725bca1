import { isMapping, listAt, mapAt, textAt } from '../../../constructs/check/field.js';
import { COST_TAG } from '../../aws/cost-tags.js';
import { type AwsResource, resourcePolicy } from './resource-policy.js';

/** What a launch template starts, which the tags of a provider do not reach. */
const STARTED = ['instance', 'volume'];

/** Everything that costs money says which stack it is of. */
export const taggedResources = resourcePolicy({
  name: 'no-untagged-resource',
  description: 'What no tag names is in nobody’s budget, and nobody dares to delete it.',
  remediationSteps: `register it with the provider of the stack, whose default tags hold ${COST_TAG}; of a launch template, tag what it starts as well.`,
  faults: (resource) => {
    if (!resource.type.startsWith('aws:')) return [];
    return [
      ...(isTagged(resource) ? [] : [`has no tag ${COST_TAG}`]),
      ...(resource.type === 'aws:ec2/launchTemplate:LaunchTemplate' ? untaggedStarts(resource) : []),
    ];
  },
});

function isTagged({ props, provider }: AwsResource): boolean {
  return COST_TAG in mapAt(props, 'tags') || COST_TAG in mapAt(props, 'tagsAll') || COST_TAG in defaultTags(provider);
}

/** A provider has its structures as JSON. */
function defaultTags(provider: AwsResource['provider']): Readonly<Record<string, unknown>> {
  const { defaultTags: tags } = provider;
  const read: unknown = typeof tags === 'string' ? JSON.parse(tags) : tags;
  return isMapping(read) ? mapAt(read, 'tags') : {};
}

function untaggedStarts({ props }: AwsResource): readonly string[] {
  const tagged = listAt(props, 'tagSpecifications')
    .filter((one) => COST_TAG in mapAt(one, 'tags'))
    .map((one) => textAt(one, 'resourceType'));
  return STARTED.filter((kind) => !tagged.includes(kind)).map((kind) => `starts what has no tag ${COST_TAG}: ${kind}`);
}
