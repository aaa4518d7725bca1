import { wellKnownPorts } from '../../../contract/vocabulary/index.js';
import { at, listAt, numberAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type PodTemplate, portText } from '../pod-template.js';
import { containerRule, podRule } from './rule-forms.js';

const SENSITIVE = ['/boot', '/dev', '/etc', '/home', '/lib', '/proc', '/root', '/run', '/sys', '/usr', '/var'];
const RUNTIME_SOCKET = /\/(docker|containerd|crio|podman)(\/[^/]+)*\.sock$/;

/** Ports below it only root may listen on, unless the kernel is told otherwise. */
const LOWEST_FREE_PORT = 1024;

function hostNamespaceRule(field: 'hostNetwork' | 'hostPID' | 'hostIPC', id: string, why: string): Rule {
  return podRule({
    id,
    severity: 'error',
    why,
    fix: `leave ${field} out.`,
    violation: ({ spec }) => at(spec, field) === true && `${field} is true.`,
  });
}

function hostPaths({ spec }: PodTemplate): readonly string[] {
  return listAt(spec, 'volumes').flatMap((volume) => textAt(volume, 'hostPath.path') ?? []);
}

function isSensitive(path: string): boolean {
  return path === '/' || SENSITIVE.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** What a pod has of its node. */
export const hostRules: readonly Rule[] = [
  hostNamespaceRule('hostNetwork', 'host-network', 'It sees the node’s traffic, and no NetworkPolicy holds it.'),
  hostNamespaceRule('hostPID', 'host-pid', 'It sees, and may end, every process of the node.'),
  hostNamespaceRule('hostIPC', 'host-ipc', 'It reads the shared memory of every process of the node.'),
  podRule({
    id: 'docker-sock',
    severity: 'error',
    why: 'Who talks to the container runtime is root on the node.',
    fix: 'leave the volume out; build images with a rootless builder.',
    violation: (pod) =>
      hostPaths(pod)
        .filter((path) => RUNTIME_SOCKET.test(path))
        .map((socket) => `a volume mounts the runtime's socket ${socket}.`),
  }),
  podRule({
    id: 'sensitive-host-mounts',
    severity: 'error',
    why: 'The node’s own files give away, or change, the node.',
    fix: 'use an emptyDir, a ConfigMap or a PersistentVolumeClaim.',
    violation: (pod) => {
      const sensitive = hostPaths(pod).filter((path) => !RUNTIME_SOCKET.test(path) && isSensitive(path));
      return sensitive.length > 0 && `volumes mount ${sensitive.join(', ')} of the node.`;
    },
  }),
  containerRule({
    id: 'host-port',
    severity: 'error',
    why: 'It opens the node’s port to whoever reaches the node, and allows one such pod a node.',
    fix: 'leave hostPort out, and put a Service before the pods.',
    violation: ({ fields }) => {
      const taken = listAt(fields, 'ports').flatMap((port) => numberAt(port, 'hostPort') ?? []);
      return taken.length > 0 && `it takes the node's port ${taken.join(', ')}.`;
    },
  }),
  containerRule({
    id: 'ssh-port',
    severity: 'error',
    why: 'A container that takes SSH is changed by hand.',
    fix: 'leave the port and the SSH server out; use kubectl exec or debug.',
    violation: ({ ports }) =>
      ports.some(({ number }) => number === wellKnownPorts.ssh) && `it declares the SSH port ${wellKnownPorts.ssh}.`,
  }),
  containerRule({
    id: 'privileged-ports',
    severity: 'warning',
    why: `Below ${LOWEST_FREE_PORT} only root, or NET_BIND_SERVICE, may listen.`,
    fix: `listen on ${LOWEST_FREE_PORT} or above; the Service may still offer the low port.`,
    violation: ({ ports }) => {
      const low = ports.filter(({ number }) => number < LOWEST_FREE_PORT && number !== wellKnownPorts.ssh);
      return low.length > 0 && `it declares the port ${low.map(portText).join(', ')}.`;
    },
  }),
];
