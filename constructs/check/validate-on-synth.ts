import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { sourceLine } from '../source-line.js';
import { checkManifests } from './check-manifests.js';
import { isMapping } from './field.js';
import type { Finding, Rule } from './finding.js';
import type { Manifest } from './kube-object.js';

/**
 * Makes `cdk8s synth` fail on every error among the objects below a construct, each with the path of the construct that made it.
 * Give it the App: of what a single Chart refers to, the rest of the cluster may be in another.
 *
 * @param table the rules to hold them to. @default all of them
 */
export function checkOnSynth(scope: IConstruct, table?: readonly Rule[]): void {
  scope.node.addValidation({
    validate: () =>
      checkManifests(manifestsBelow(scope), table)
        .filter(({ severity }) => severity === 'error')
        .map(line),
  });
}

function manifestsBelow(scope: IConstruct): Manifest[] {
  return scope.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .flatMap((object) => {
      const value: unknown = object.toJson();
      return isMapping(value) ? [{ value, constructPath: object.node.path, sourceLine: sourceLine(object) }] : [];
    });
}

function line({ rule, object, message, fix, constructPath, sourceLine: place }: Finding): string {
  return `${constructPath ?? object}${place === undefined ? '' : ` (${place})`}: ${object} breaks ${rule}: ${message} Fix: ${fix}`;
}
