import { at, listAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { securityOf } from '../pod-template.js';
import { containerRule, podRule } from './pod-rule.js';

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

/** What Pod Security's `restricted` asks of a pod by itself. */
export const containerSecurityRules: readonly Rule[] = [
  containerRule(
    {
      id: 'latest-tag',
      severity: 'error',
      why: 'An image that can change under its name makes every start a release that nobody made.',
    },
    ({ fields }) => {
      const image = textAt(fields, 'image') ?? '';
      const tag = /:([^:/@]+)(@|$)/.exec(image)?.[1];
      if (image.includes('@sha256:') || (tag !== undefined && tag !== 'latest')) return undefined;
      return {
        message: `image "${image}" has ${tag === undefined ? 'no tag' : 'the tag "latest"'}.`,
        fix: 'name a version, at best with its digest: `name:1.2.3@sha256:…`.',
      };
    },
  ),
  containerRule(
    { id: 'privileged-container', severity: 'error', why: 'A privileged container is root on its node.' },
    ({ fields }) =>
      at(fields, 'securityContext.privileged') === true
        ? {
            message: 'securityContext.privileged is true.',
            fix: 'leave it out, and add the one capability that is needed.',
          }
        : undefined,
  ),
  containerRule(
    {
      id: 'privilege-escalation-container',
      severity: 'error',
      why: 'A setuid program in the image gets more rights than the container was given.',
    },
    ({ fields }) => {
      const allowed = at(fields, 'securityContext.allowPrivilegeEscalation');
      if (allowed === false) return undefined;
      return {
        message: `securityContext.allowPrivilegeEscalation is ${allowed === undefined ? 'not set' : String(allowed)}.`,
        fix: 'set it to false.',
      };
    },
  ),
  containerRule(
    {
      id: 'capabilities-not-dropped',
      severity: 'error',
      why: 'By default a container may forge packets (NET_RAW), change owners and more.',
    },
    ({ fields }) => {
      const dropped = textsAt(fields, 'securityContext.capabilities.drop');
      if (dropped.some((capability) => capability.toUpperCase() === 'ALL')) return undefined;
      return {
        message: `securityContext.capabilities.drop is ${dropped.join(', ') || 'empty'}.`,
        fix: 'set `drop: [ALL]`, and add back what is needed.',
      };
    },
  ),
  containerRule(
    { id: 'run-as-non-root', severity: 'error', why: 'Who breaks out of a container that runs as root is root.' },
    (container, pod) => {
      const nonRoot = securityOf(pod, container, 'runAsNonRoot');
      const user = securityOf(pod, container, 'runAsUser');
      if (nonRoot === true && user !== 0) return undefined;
      return {
        message:
          user === 0 ? 'runAsUser is 0.' : `runAsNonRoot is ${nonRoot === undefined ? 'not set' : String(nonRoot)}.`,
        fix: 'set runAsNonRoot: true and a runAsUser of 10000 or more, for the pod or the container.',
      };
    },
  ),
  containerRule(
    {
      id: 'seccomp-profile',
      severity: 'error',
      why: 'Without a profile a container may use every system call of the node’s kernel.',
    },
    (container, pod) => {
      const type = textAt(securityOf(pod, container, 'seccompProfile'), 'type');
      if (type !== undefined && PROFILES.includes(type)) return undefined;
      return {
        message: `seccompProfile is ${type ?? 'not set'}.`,
        fix: 'set seccompProfile.type: RuntimeDefault, for the pod or the container.',
      };
    },
  ),
  containerRule(
    { id: 'unsafe-proc-mount', severity: 'error', why: 'An unmasked /proc shows the node’s kernel.' },
    ({ fields }) => {
      const mount = textAt(fields, 'securityContext.procMount') ?? 'Default';
      if (mount === 'Default') return undefined;
      return { message: `securityContext.procMount is "${mount}".`, fix: 'leave procMount out.' };
    },
  ),
  podRule(
    { id: 'unsafe-sysctls', severity: 'error', why: 'An unsafe sysctl changes the kernel for every pod of the node.' },
    ({ spec }) => {
      const names = listAt(spec, 'securityContext.sysctls').flatMap((one) => textAt(one, 'name') ?? []);
      const unsafe = names.filter((name) => !SAFE_SYSCTLS.includes(name));
      if (unsafe.length === 0) return undefined;
      return {
        message: `securityContext.sysctls sets ${unsafe.join(', ')}.`,
        fix: 'leave them out, or set them on the node.',
      };
    },
  ),
];
