import { isDeepStrictEqual } from 'node:util';
import { ApiObject, JsonPatch } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** A patch that would not have reached the manifest. */
export class LostPatchError extends Error {
  override readonly name = 'LostPatchError';
  constructor(
    readonly path: string,
    readonly object: ApiObject,
  ) {
    super(
      `${object.node.path}: the patch at ${path} is not in the manifest of ${object.kind} "${object.name}". ` +
        `cdk8s-plus writes only the fields that it knows (Kubernetes 1.28). Fix: correct the field's name, or, for a newer ` +
        `field, declare the object with cdk8s's ApiObject, which writes what it is given.`,
    );
  }
}

/**
 * The escape hatch: applies JSON patch operations (RFC 6902) to an object's manifest, then reads the manifest again.
 *
 * @param target an API object, or a construct whose default child is one.
 * @throws {LostPatchError} if any part of the result is missing (cdk8s's own `addJsonPatch` drops unknown fields silently).
 */
export function patch(target: IConstruct, ...operations: JsonPatch[]): void {
  const object = ApiObject.of(target);
  const expected: unknown = JsonPatch.apply(object.toJson(), ...operations);
  object.addJsonPatch(...operations);
  const lost = firstDifference(expected, object.toJson(), '');
  if (lost !== undefined) throw new LostPatchError(lost, object);
}

/** JSON pointer of the first place where two documents differ, or `undefined`. */
function firstDifference(expected: unknown, actual: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(expected, actual)) return undefined;
  if (!isContainer(expected) || !isContainer(actual)) return path === '' ? '/' : path;
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const key of keys) {
    const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
    const difference = firstDifference(expected[key], actual[key], `${path}/${escaped}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
