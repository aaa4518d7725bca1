import { k8s } from 'cdk8s-plus-28';

/** Istio reads the protocol from the port's name; a name without a known prefix is plain TCP by `appProtocol`. */
export function servicePorts(ports: Readonly<Record<string, number>>): k8s.ServicePort[] {
  return Object.entries(ports).map(([name, port]) => ({
    name,
    port,
    targetPort: k8s.IntOrString.fromString(name),
    protocol: 'TCP',
    appProtocol: name.startsWith('http') ? 'http' : 'tcp',
  }));
}
