import type { Key } from '@pulumi/aws/kms/key.js';
import type * as pulumi from '@pulumi/pulumi';
import type { AwsSize } from './aws-size.js';
import type { Network } from './network.js';

/** What every managed store is given. */
export interface StoreProps {
  readonly network: Network;
  /** Security group of the pods. */
  readonly clients: pulumi.Input<string>;
  readonly key: Key;
  readonly size: AwsSize;
  readonly password: pulumi.Input<string>;
}
