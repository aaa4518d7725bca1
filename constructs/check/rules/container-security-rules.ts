import { at, listAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { securityOf } from '../pod-template.js';
import { containerRule, podRule } from './rule-forms.js';

const PROFILES = ['RuntimeDefault', 'Localhost'];

/** Sysctls that Kubernetes holds to be safe (Pod Security, 1.32). */
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];

/** What a field says, in a message. */
function said(value: unknown): string {
  return value === undefined ? 'not set' : String(value);
}

/** What Pod Security's `restricted` asks of a pod by itself, and two habits beside it. */
export const containerSecurityRules: readonly Rule[] = [
  containerRule({
    id: 'latest-tag',
    severity: 'error',
    why: 'An image that can change under its name makes every start a release that nobody made.',
    fix: 'name a version, at best with its digest: `name:1.2.3@sha256:…`.',
    violation: ({ fields }) => {
      const image = textAt(fields, 'image') ?? '';
      const tag = /:([^:/@]+)(@|$)/.exec(image)?.[1];
      if (image.includes('@sha256:') || (tag !== undefined && tag !== 'latest')) return undefined;
      return `image "${image}" has ${tag === undefined ? 'no tag' : 'the tag "latest"'}.`;
    },
  }),
  containerRule({
    id: 'privileged-container',
    severity: 'error',
    why: 'A privileged container is root on its node.',
    fix: 'leave it out, and add the one capability that is needed.',
    violation: ({ fields }) =>
      at(fields, 'securityContext.privileged') === true && 'securityContext.privileged is true.',
  }),
  containerRule({
    id: 'privilege-escalation-container',
    severity: 'error',
    why: 'A setuid program in the image gets more rights than the container was given.',
    fix: 'set it to false.',
    violation: ({ fields }) => {
      const allowed = at(fields, 'securityContext.allowPrivilegeEscalation');
      return allowed !== false && `securityContext.allowPrivilegeEscalation is ${said(allowed)}.`;
    },
  }),
  containerRule({
    id: 'capabilities-not-dropped',
    severity: 'error',
    why: 'By default a container may forge packets (NET_RAW), change owners and more.',
    fix: 'set `drop: [ALL]`, and add back what is needed.',
    violation: ({ fields }) => {
      const dropped = textsAt(fields, 'securityContext.capabilities.drop');
      if (dropped.some((capability) => capability.toUpperCase() === 'ALL')) return undefined;
      return `securityContext.capabilities.drop is ${dropped.join(', ') || 'empty'}.`;
    },
  }),
  containerRule({
    id: 'capabilities-added',
    severity: 'error',
    why: 'A capability is a part of root; Pod Security allows NET_BIND_SERVICE alone.',
    fix: 'leave it out, or give the work to something that is allowed it, such as a CSI driver or the CNI.',
    violation: ({ fields }) => {
      const added = textsAt(fields, 'securityContext.capabilities.add').filter((one) => one !== 'NET_BIND_SERVICE');
      return added.length > 0 && `securityContext.capabilities.add is ${added.join(', ')}.`;
    },
  }),
  containerRule({
    id: 'run-as-non-root',
    severity: 'error',
    why: 'Who breaks out of a container that runs as root is root.',
    fix: 'set runAsNonRoot: true and a runAsUser of 10000 or more, for the pod or the container.',
    violation: (container, pod) => {
      if (securityOf(pod, container, 'runAsUser') === 0) return 'runAsUser is 0.';
      const nonRoot = securityOf(pod, container, 'runAsNonRoot');
      return nonRoot !== true && `runAsNonRoot is ${said(nonRoot)}.`;
    },
  }),
  containerRule({
    id: 'seccomp-profile',
    severity: 'error',
    why: 'Without a profile a container may use every system call of the node’s kernel.',
    fix: 'set seccompProfile.type: RuntimeDefault, for the pod or the container.',
    violation: (container, pod) => {
      const type = textAt(securityOf(pod, container, 'seccompProfile'), 'type');
      return !PROFILES.includes(type ?? '') && `seccompProfile is ${said(type)}.`;
    },
  }),
  containerRule({
    id: 'unsafe-proc-mount',
    severity: 'error',
    why: 'An unmasked /proc shows the node’s kernel.',
    fix: 'leave procMount out.',
    violation: ({ fields }) => {
      const mount = textAt(fields, 'securityContext.procMount') ?? 'Default';
      return mount !== 'Default' && `securityContext.procMount is "${mount}".`;
    },
  }),
  podRule({
    id: 'unsafe-sysctls',
    severity: 'error',
    why: 'An unsafe sysctl changes the kernel for every pod of the node.',
    fix: 'leave them out, or set them on the node.',
    violation: ({ spec }) => {
      const names = listAt(spec, 'securityContext.sysctls').flatMap((one) => textAt(one, 'name') ?? []);
      const unsafe = names.filter((name) => !SAFE_SYSCTLS.includes(name));
      return unsafe.length > 0 && `securityContext.sysctls sets ${unsafe.join(', ')}.`;
    },
  }),
  containerRule({
    id: 'writable-root-filesystem',
    severity: 'warning',
    why: 'Who breaks into a container can change the programs that it runs.',
    fix: 'set readOnlyRootFilesystem: true, and mount an emptyDir where it writes.',
    violation: ({ fields }) => {
      const readOnly = at(fields, 'securityContext.readOnlyRootFilesystem');
      return readOnly !== true && `securityContext.readOnlyRootFilesystem is ${said(readOnly)}.`;
    },
  }),
  podRule({
    id: 'automounted-token',
    severity: 'warning',
    why: 'Every process of the pod can call the Kubernetes API as its ServiceAccount.',
    fix: 'set automountServiceAccountToken: false; a process that needs a token mounts one in a projected volume.',
    violation: ({ spec, namespace }, cluster) => {
      const account = textAt(spec, 'serviceAccountName') ?? 'default';
      const own = at(spec, 'automountServiceAccountToken');
      const inherited = at(cluster.find('ServiceAccount', namespace, account)?.value, 'automountServiceAccountToken');
      return (own ?? inherited) !== false && `automountServiceAccountToken is ${said(own ?? inherited)}.`;
    },
  }),
];
