import { wellKnownPorts } from '../../../contract/vocabulary/index.js';
import { at, listAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type PodTemplate, portText } from '../pod-template.js';
import { containerRule, podRule } from './pod-rule.js';

const SENSITIVE = ['/boot', '/dev', '/etc', '/home', '/lib', '/proc', '/root', '/run', '/sys', '/usr', '/var'];
const RUNTIME_SOCKET = /\/(docker|containerd|crio|podman)(\/[^/]+)*\.sock$/;

/** Ports below it only root may listen on, unless the kernel is told otherwise. */
const LOWEST_FREE_PORT = 1024;

function hostNamespaceRule(field: 'hostNetwork' | 'hostPID' | 'hostIPC', id: string, why: string): Rule {
  return podRule({ id, severity: 'error', why }, ({ spec }) =>
    at(spec, field) === true ? { message: `${field} is true.`, fix: `leave ${field} out.` } : undefined,
  );
}

function hostPaths({ spec }: PodTemplate): readonly string[] {
  return listAt(spec, 'volumes').flatMap((volume) => textAt(volume, 'hostPath.path') ?? []);
}

/** What a pod has of its node. */
export const hostRules: readonly Rule[] = [
  hostNamespaceRule('hostNetwork', 'host-network', 'It sees the node’s traffic, and no NetworkPolicy holds it.'),
  hostNamespaceRule('hostPID', 'host-pid', 'It sees, and may end, every process of the node.'),
  hostNamespaceRule('hostIPC', 'host-ipc', 'It reads the shared memory of every process of the node.'),
  podRule(
    { id: 'docker-sock', severity: 'error', why: 'Who talks to the container runtime is root on the node.' },
    (pod) => {
      const socket = hostPaths(pod).find((path) => RUNTIME_SOCKET.test(path));
      if (socket === undefined) return undefined;
      return {
        message: `a volume mounts the runtime's socket ${socket}.`,
        fix: 'leave the volume out; build images with a rootless builder.',
      };
    },
  ),
  podRule(
    { id: 'sensitive-host-mounts', severity: 'error', why: 'The node’s own files give away, or change, the node.' },
    (pod) => {
      const sensitive = hostPaths(pod).filter(
        (path) =>
          !RUNTIME_SOCKET.test(path) &&
          (path === '/' || SENSITIVE.some((folder) => path === folder || path.startsWith(`${folder}/`))),
      );
      if (sensitive.length === 0) return undefined;
      return {
        message: `volumes mount ${sensitive.join(', ')} of the node.`,
        fix: 'use an emptyDir, a ConfigMap or a PersistentVolumeClaim.',
      };
    },
  ),
  containerRule(
    { id: 'ssh-port', severity: 'error', why: 'A container that takes SSH is changed by hand.' },
    ({ ports }) =>
      ports.some(({ number }) => number === wellKnownPorts.ssh)
        ? {
            message: `it declares the SSH port ${wellKnownPorts.ssh}.`,
            fix: 'leave the port and the SSH server out; use kubectl exec or debug.',
          }
        : undefined,
  ),
  containerRule(
    {
      id: 'privileged-ports',
      severity: 'warning',
      why: `Below ${LOWEST_FREE_PORT} only root, or NET_BIND_SERVICE, may listen.`,
    },
    ({ ports }) => {
      const low = ports.filter(({ number }) => number < LOWEST_FREE_PORT && number !== wellKnownPorts.ssh);
      if (low.length === 0) return undefined;
      return {
        message: `it declares the port ${low.map(portText).join(', ')}.`,
        fix: `listen on ${LOWEST_FREE_PORT} or above; the Service may still offer the low port.`,
      };
    },
  ),
];
