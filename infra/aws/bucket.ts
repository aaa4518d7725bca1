import type { Key } from '@pulumi/aws/kms/key.js';
import { Bucket as S3Bucket } from '@pulumi/aws/s3/bucket.js';
import { BucketLifecycleConfiguration } from '@pulumi/aws/s3/bucketLifecycleConfiguration.js';
import { BucketOwnershipControls } from '@pulumi/aws/s3/bucketOwnershipControls.js';
import { BucketPolicy } from '@pulumi/aws/s3/bucketPolicy.js';
import { BucketPublicAccessBlock } from '@pulumi/aws/s3/bucketPublicAccessBlock.js';
import { BucketServerSideEncryptionConfiguration } from '@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js';
import { BucketVersioning } from '@pulumi/aws/s3/bucketVersioning.js';
import * as pulumi from '@pulumi/pulumi';

export interface BucketProps {
  readonly key: Key;
  /** How long an object that was overwritten or deleted can be had back. */
  readonly keepVersionsDays: number;
}

/** A bucket of S3: encrypted, versioned, over TLS only, nobody's from outside. */
export class Bucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { key, keepVersionsDays }: BucketProps, options: pulumi.ComponentResourceOptions) {
    super('armature:aws:Bucket', name, {}, options);
    const parent = { parent: this };
    const bucket = new S3Bucket(name, { forceDestroy: false }, { ...parent, protect: true });
    const of = { bucket: bucket.bucket };
    new BucketVersioning(name, { ...of, versioningConfiguration: { status: 'Enabled' } }, parent);
    new BucketServerSideEncryptionConfiguration(
      name,
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
            bucketKeyEnabled: true,
          },
        ],
      },
      parent,
    );
    const block = new BucketPublicAccessBlock(
      name,
      { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      parent,
    );
    new BucketOwnershipControls(name, { ...of, rule: { objectOwnership: 'BucketOwnerEnforced' } }, parent);
    new BucketLifecycleConfiguration(name, { ...of, rules: lifecycle(keepVersionsDays) }, parent);
    // S3 takes one change of a bucket's access at a time.
    new BucketPolicy(name, { ...of, policy: tlsOnly(bucket.arn) }, { ...parent, dependsOn: [block] });
    this.name = bucket.bucket;
    this.arn = bucket.arn;
    this.registerOutputs();
  }
}

function lifecycle(keepVersionsDays: number) {
  return [
    {
      id: 'unfinished-uploads',
      status: 'Enabled',
      filter: { prefix: '' },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    {
      id: 'old-versions',
      status: 'Enabled',
      filter: { prefix: '' },
      noncurrentVersionExpiration: { noncurrentDays: keepVersionsDays },
      expiration: { expiredObjectDeleteMarker: true },
    },
  ];
}

function tlsOnly(arn: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
}
