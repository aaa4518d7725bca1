import { Role } from '@pulumi/aws/iam/role.js';
import { RolePolicy } from '@pulumi/aws/iam/rolePolicy.js';
import { RolePolicyAttachment } from '@pulumi/aws/iam/rolePolicyAttachment.js';
import * as pulumi from '@pulumi/pulumi';

/** What a role may do, as IAM writes it. */
export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly pulumi.Input<string>[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>>;
}

export interface ServiceRoleProps {
  /** Who takes the role, such as `ec2.amazonaws.com`. */
  readonly service: string;
  /** Names of AWS's own policies. @default none */
  readonly managedPolicies?: readonly string[];
  /** @default none */
  readonly statements?: readonly Statement[];
}

/** EKS hands a pod its role by this service, with the pod's names as tags of the session. */
export const POD_IDENTITY = 'pods.eks.amazonaws.com';

/** A role of IAM that one service of AWS takes, with what it may do. */
export class ServiceRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  /** What must stand before the role is of use. */
  readonly grants: readonly pulumi.Resource[];

  constructor(name: string, props: ServiceRoleProps, options: pulumi.ComponentResourceOptions) {
    super('armature:aws:ServiceRole', name, {}, options);
    const { service, managedPolicies = [], statements = [] } = props;
    const parent = { parent: this };
    const role = new Role(name, { assumeRolePolicy: trustOf(service) }, parent);
    const attached = managedPolicies.map((policy) => {
      const policyArn = `arn:aws:iam::aws:policy/${policy}`;
      return new RolePolicyAttachment(
        `${name}-${policy.slice(policy.lastIndexOf('/') + 1)}`,
        { role: role.name, policyArn },
        parent,
      );
    });
    const policy = pulumi.jsonStringify({ Version: '2012-10-17', Statement: statements });
    const own = statements.length === 0 ? [] : [new RolePolicy(name, { role: role.name, policy }, parent)];
    this.arn = role.arn;
    this.name = role.name;
    this.grants = [...attached, ...own];
    this.registerOutputs();
  }
}

function trustOf(service: string): string {
  const Action = service === POD_IDENTITY ? ['sts:AssumeRole', 'sts:TagSession'] : ['sts:AssumeRole'];
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action }],
  });
}
