import type * as pulumi from '@pulumi/pulumi';
import type { EnvironmentAddresses } from './environment-addresses.js';

/** What `pulumi stack output` tells. */
export interface StackOutputs extends EnvironmentAddresses {
  readonly environment: string;
  readonly namespace: string;
  /** Where the stack has its cluster of AWS. */
  readonly aws?: {
    /** For kubectl: it holds no secret, and asks AWS's own command for a token. */
    readonly kubeconfig: pulumi.Output<string>;
    /** Where images are pushed to. */
    readonly registry: pulumi.Output<string>;
  };
}
