export interface ExecKubeconfigProps {
  readonly name: string;
  readonly server: string;
  /** Of the cluster's own authority, in base64. */
  readonly certificate: string;
  readonly region: string;
}

/** A kubeconfig that holds no secret: who uses it gets a token by AWS's own command, for a few minutes. */
export function execKubeconfig({ name, server, certificate, region }: ExecKubeconfigProps): string {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'aws',
    args: ['--region', region, 'eks', 'get-token', '--cluster-name', name, '--output', 'json'],
    interactiveMode: 'Never',
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': certificate } }],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
