import type { Manifest } from '../support/cluster.js';
import type { CheckFault } from './check-fault.js';

/** An environment's manifests with one mistake in them; the environment itself stays as it is. */
export function faultyManifests(environment: readonly Manifest[], fault: CheckFault): readonly Manifest[] {
  const target = environment.find((one) => titleOf(one) === fault.in);
  if (target === undefined) throw new Error(`${fault.fault}: there is no ${fault.in}.`);
  if (fault.removed) return environment.filter((one) => one !== target);
  const faulty = JSON.parse(JSON.stringify(target)) as Manifest;
  for (const [pointer, value] of Object.entries(fault.set ?? {})) setAt(faulty, pointer, value);
  if (fault.copiedAs === undefined) return environment.map((one) => (one === target ? faulty : one));
  return [...environment, { ...faulty, metadata: { ...faulty.metadata, name: fault.copiedAs } }];
}

/** The object of a fault and what stands around it under the same name: what a linter needs to judge it. */
export function aroundFault(manifests: readonly Manifest[], fault: CheckFault): readonly Manifest[] {
  const names = [fault.in, fault.names ?? fault.in].map((title) => title.slice(title.indexOf('/') + 1));
  const isNear = ({ metadata }: Manifest) =>
    names.includes(metadata.name) || names.includes(metadata.labels?.['app.kubernetes.io/name'] ?? '');
  return manifests.filter((one) => isNear(one) || titleOf(one) === fault.in);
}

export function titleOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

function setAt(root: object, pointer: string, value: unknown): void {
  const path = pointer.split('/').map((key) => key.replaceAll('~1', '/'));
  const last = path.pop() ?? '';
  let parent = root;
  for (const key of path) {
    const next: unknown = Reflect.get(parent, key);
    if (typeof next !== 'object' || next === null) throw new Error(`There is no ${pointer}.`);
    parent = next;
  }
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, value);
}
