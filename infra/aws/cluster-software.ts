import * as pulumi from '@pulumi/pulumi';
import { wellKnownPorts } from '../../contract/index.js';
import type { Cluster } from './cluster.js';
import type { Statement } from './service-role.js';
import { WorkloadIdentity } from './workload-identity.js';

const ISTIO = { repo: 'https://istio-release.storage.googleapis.com/charts', version: '1.28.0' } as const;
const AUTOSCALER = { repo: 'https://kubernetes.github.io/autoscaler', version: '9.46.6' } as const;
const AUTOSCALER_ACCOUNT = 'cluster-autoscaler';

/** Port of every node at which the mesh's gateway answers the load balancer: one of those that Kubernetes keeps for that. */
export const GATEWAY_NODE_PORT = 30_443;

/** A chart of Helm, installed and waited for by Pulumi's provider. */
class HelmRelease extends pulumi.CustomResource {}

interface Chart {
  readonly repo: string;
  readonly version: string;
  readonly chart: string;
  readonly namespace: string;
  readonly values: object;
}

export interface ClusterSoftwareProps {
  readonly cluster: Cluster;
  readonly region: string;
}

/** What an environment expects of its cluster and EKS does not bring: the mesh, its entrance, and nodes by demand. */
export class ClusterSoftware extends pulumi.ComponentResource {
  /** What must stand before an object of the mesh can be made. */
  readonly definitions: pulumi.Resource;
  /** What must stand before a pod of the mesh starts. */
  readonly mesh: readonly pulumi.Resource[];

  constructor(name: string, { cluster, region }: ClusterSoftwareProps, options: pulumi.ComponentResourceOptions) {
    super('armature:aws:ClusterSoftware', name, {}, options);
    const pods = [...cluster.nodes.groups, ...cluster.addons.onNodes];
    const istio = (release: string, chart: string, values: object, dependsOn: readonly pulumi.Resource[]) =>
      this.#install(release, { ...ISTIO, chart, namespace: 'istio-system', values }, dependsOn);
    this.definitions = istio('istio-base', 'base', {}, []);
    const cni = istio('istio-cni', 'cni', {}, pods);
    const control = istio('istiod', 'istiod', { pilot: { cni: { enabled: true } } }, [...pods, this.definitions]);
    this.mesh = [cni, control];
    const port = wellKnownPorts.https;
    const ports = [{ name: 'https', port, targetPort: port, nodePort: GATEWAY_NODE_PORT, protocol: 'TCP' }];
    this.#install(
      'istio-ingressgateway',
      { ...ISTIO, chart: 'gateway', namespace: 'istio-ingress', values: { service: { type: 'NodePort', ports } } },
      this.mesh,
    );
    this.#autoscaler(cluster, region, pods);
    this.registerOutputs();
  }

  #autoscaler(cluster: Cluster, region: string, pods: readonly pulumi.Resource[]): void {
    const identity = new WorkloadIdentity(
      {
        clusterName: cluster.name,
        namespace: 'kube-system',
        serviceAccount: AUTOSCALER_ACCOUNT,
        statements: autoscalerStatements(cluster),
      },
      { parent: this },
    );
    const values = {
      autoDiscovery: { clusterName: cluster.name },
      awsRegion: region,
      rbac: { serviceAccount: { name: AUTOSCALER_ACCOUNT } },
      extraArgs: { 'balance-similar-node-groups': true, 'skip-nodes-with-system-pods': false },
    };
    const chart = { ...AUTOSCALER, chart: 'cluster-autoscaler', namespace: 'kube-system', values };
    this.#install('cluster-autoscaler', chart, [...pods, identity]);
  }

  #install(
    name: string,
    { repo, version, chart, namespace, values }: Chart,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Resource {
    return new HelmRelease(
      'kubernetes:helm.sh/v3:Release',
      name,
      { name, chart, version, repositoryOpts: { repo }, namespace, createNamespace: true, atomic: true, values },
      { parent: this, dependsOn: [...dependsOn] },
    );
  }
}

/** To see every group of machines, for AWS lets nobody see some only, and to change those of this cluster. */
function autoscalerStatements({ name }: Cluster): readonly Statement[] {
  return [
    {
      Effect: 'Allow',
      Action: [
        ...['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribeAutoScalingInstances'],
        ...['autoscaling:DescribeLaunchConfigurations', 'autoscaling:DescribeScalingActivities'],
        ...['ec2:DescribeImages', 'ec2:DescribeInstanceTypes', 'ec2:DescribeLaunchTemplateVersions'],
        ...['ec2:GetInstanceTypesFromInstanceRequirements', 'eks:DescribeNodegroup'],
      ],
      Resource: ['*'],
    },
    {
      Effect: 'Allow',
      Action: ['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'],
      Resource: ['arn:aws:autoscaling:*:*:autoScalingGroup:*'],
      Condition: { StringEquals: { 'aws:ResourceTag/eks:cluster-name': name } },
    },
  ];
}
