import { LogGroup } from '@pulumi/aws/cloudwatch/logGroup.js';
import { FlowLog } from '@pulumi/aws/ec2/flowLog.js';
import type * as pulumi from '@pulumi/pulumi';
import { ServiceRole } from './service-role.js';

/** Who spoke with whom in a VPC, kept for so many days. */
export function flowLogs(
  name: string,
  vpcId: pulumi.Input<string>,
  logDays: number,
  options: pulumi.CustomResourceOptions,
): FlowLog {
  const group = new LogGroup(`${name}-flows`, { retentionInDays: logDays }, options);
  const role = new ServiceRole(
    `${name}-flows`,
    {
      service: 'vpc-flow-logs.amazonaws.com',
      statements: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          Resource: [group.arn.apply((arn) => `${arn}:*`)],
        },
      ],
    },
    options,
  );
  return new FlowLog(
    name,
    { vpcId, trafficType: 'ALL', logDestination: group.arn, iamRoleArn: role.arn, maxAggregationInterval: 60 },
    options,
  );
}
