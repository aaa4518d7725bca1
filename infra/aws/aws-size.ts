/** What an environment gets of AWS. */
export const AWS_SIZES = ['small', 'standard'] as const;
export type AwsSizeName = (typeof AWS_SIZES)[number];

/** How the private subnets reach the internet. */
export const NAT_CHOICES = ['none', 'one', 'per-zone'] as const;
export type NatChoice = (typeof NAT_CHOICES)[number];

export interface AwsSize {
  readonly nat: NatChoice;
  /** Whether AWS's own APIs are reached inside the VPC. Each endpoint costs by the hour in each zone; S3's costs nothing and is always there. */
  readonly interfaceEndpoints: boolean;
  readonly database: {
    readonly instanceClass: string;
    readonly multiAz: boolean;
    readonly storageGb: number;
    readonly maxStorageGb: number;
    readonly backupDays: number;
  };
  readonly cache: { readonly nodeType: string; readonly nodes: number; readonly snapshotDays: number };
  readonly broker: { readonly instanceType: string; readonly isCluster: boolean };
  /** Nodes of each pool. */
  readonly nodes: { readonly min: number; readonly max: number };
  readonly logDays: number;
  readonly monthlyBudgetUsd: number;
}

/** `small` is cheap and stands in one zone where it may; `standard` survives the loss of a zone. */
export const awsSizes: Readonly<Record<AwsSizeName, AwsSize>> = {
  small: {
    nat: 'one',
    interfaceEndpoints: false,
    database: { instanceClass: 'db.t4g.small', multiAz: false, storageGb: 20, maxStorageGb: 100, backupDays: 7 },
    cache: { nodeType: 'cache.t4g.small', nodes: 1, snapshotDays: 1 },
    broker: { instanceType: 'mq.m7g.medium', isCluster: false },
    nodes: { min: 2, max: 6 },
    logDays: 14,
    monthlyBudgetUsd: 600,
  },
  standard: {
    nat: 'per-zone',
    interfaceEndpoints: true,
    database: { instanceClass: 'db.m7g.large', multiAz: true, storageGb: 100, maxStorageGb: 1_000, backupDays: 30 },
    cache: { nodeType: 'cache.m7g.large', nodes: 3, snapshotDays: 7 },
    broker: { instanceType: 'mq.m7g.large', isCluster: true },
    nodes: { min: 3, max: 20 },
    logDays: 90,
    monthlyBudgetUsd: 6_000,
  },
};
