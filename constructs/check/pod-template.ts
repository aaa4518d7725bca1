import { at, type Fields, isMapping, listAt, mapAt, numberAt, textAt } from './field.js';
import type { KubeObject } from './kube-object.js';

export interface Container {
  readonly name: string;
  readonly fields: Fields;
  /** Ends before the pod's own containers start. */
  readonly isInit: boolean;
  readonly ports: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly name?: string;
  readonly number: number;
}

/** The pods that an object makes, or is. */
export interface PodTemplate {
  readonly owner: KubeObject;
  readonly namespace: string;
  readonly labels: Fields;
  readonly spec: Fields;
  readonly containers: readonly Container[];
  /** Runs until it is stopped, unlike a job's pods. */
  readonly isLasting: boolean;
}

/** Where kinds keep their pods. Told by shape rather than by kind: an Argo Rollout has a template too. */
const PLACES = ['spec.jobTemplate.spec.template', 'spec.template'];

/** The pods of an object; undefined if it makes none. */
export function podTemplateOf(owner: KubeObject): PodTemplate | undefined {
  const template = owner.kind === 'Pod' ? owner.value : templateIn(owner.value);
  if (template === undefined) return undefined;
  const spec = mapAt(template, 'spec');
  return {
    owner,
    namespace: owner.namespace,
    labels: mapAt(template, 'metadata.labels'),
    spec,
    containers: [
      ...listAt(spec, 'initContainers').map((one) => container(one, textAt(one, 'restartPolicy') !== 'Always')),
      ...listAt(spec, 'containers').map((one) => container(one, false)),
    ],
    isLasting: !['Job', 'CronJob'].includes(owner.kind) && (textAt(spec, 'restartPolicy') ?? 'Always') === 'Always',
  };
}

function templateIn(value: Fields): Fields | undefined {
  return PLACES.map((path) => at(value, path))
    .filter(isMapping)
    .find((template) => Array.isArray(at(template, 'spec.containers')));
}

function container(value: unknown, isInit: boolean): Container {
  const ports = listAt(value, 'ports').flatMap((port): ContainerPort[] => {
    const number = numberAt(port, 'containerPort');
    const name = textAt(port, 'name');
    return number === undefined ? [] : [{ number, ...(name && { name }) }];
  });
  return { name: textAt(value, 'name') ?? '', fields: isMapping(value) ? value : {}, isInit, ports };
}

/** What a port is called in messages: `http (8080)`. */
export function portText({ name, number }: ContainerPort): string {
  return name === undefined ? String(number) : `${name} (${number})`;
}

/** Whether a pod serves a port, by number or name. A number may be served without being declared; where others are, it is taken for a slip. */
export function servesPort({ containers }: PodTemplate, target: unknown): boolean {
  const ports = containers.flatMap((container) => container.ports);
  if (typeof target === 'number' && ports.length === 0) return true;
  return ports.some(({ name, number }) => name === target || number === target);
}

/** Numbers of the ports that a Service's `targetPort` means on a pod. */
export function targetPorts({ containers }: PodTemplate, target: unknown): readonly number[] {
  if (typeof target === 'number') return [target];
  return containers.flatMap(({ ports }) => ports.filter(({ name }) => name === target).map(({ number }) => number));
}

/** A field of the security context in force: the container's own, or else the pod's. */
export function securityOf(pod: PodTemplate, { fields }: Container, field: string): unknown {
  return at(fields, `securityContext.${field}`) ?? at(pod.spec, `securityContext.${field}`);
}
