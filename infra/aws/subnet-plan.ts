/** Address ranges of one availability zone. */
export interface ZoneSubnets {
  readonly zone: string;
  /** Load balancers and NAT gateways; nothing else has a public address. */
  readonly public: string;
  /** Nodes, and pods: the VPC gives each pod an address of its own. */
  readonly nodes: string;
  /** Managed stores. */
  readonly data: string;
}

/** A VPC that can be divided so: 16 bits of network. */
export const VPC_RANGE = /^(10\.\d{1,3}|172\.(1[6-9]|2\d|3[01])|192\.168)\.0\.0\/16$/;

/** Where each zone's addresses are: 16,384 for nodes and pods, 256 each for what is public and for stores. */
export function subnetPlan(vpcCidr: string, zones: readonly string[]): readonly ZoneSubnets[] {
  const prefix = vpcCidr.slice(0, vpcCidr.indexOf('.0.0/'));
  return zones.map((zone, i) => ({
    zone,
    public: `${prefix}.${i}.0/24`,
    nodes: `${prefix}.${64 * (i + 1)}.0/18`,
    data: `${prefix}.${8 + i}.0/24`,
  }));
}
