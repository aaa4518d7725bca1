import { LifecyclePolicy } from '@pulumi/aws/ecr/lifecyclePolicy.js';
import { Repository } from '@pulumi/aws/ecr/repository.js';
import type { Key } from '@pulumi/aws/kms/key.js';
import * as pulumi from '@pulumi/pulumi';

/** A registry of images by ECR: a tag stays what it is, and every image is scanned. */
export class Registry extends pulumi.ComponentResource {
  /** Where images are pushed to, without a tag. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, { key }: { readonly key: Key }, options: pulumi.ComponentResourceOptions) {
    super('armature:aws:Registry', name, {}, options);
    const parent = { parent: this };
    const repository = new Repository(
      name,
      {
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: 'KMS', kmsKey: key.arn }],
        forceDelete: false,
      },
      parent,
    );
    const untagged = { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 };
    const rule = {
      rulePriority: 1,
      description: 'what no tag names any more',
      selection: untagged,
      action: { type: 'expire' },
    };
    new LifecyclePolicy(name, { repository: repository.name, policy: JSON.stringify({ rules: [rule] }) }, parent);
    this.url = repository.repositoryUrl;
    this.registerOutputs();
  }
}
