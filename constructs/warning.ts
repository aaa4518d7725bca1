import type { IConstruct } from 'constructs';

const KEY = 'armature:warning';

/** Says something about a construct that is right and may be regretted: `armature synth` prints it, and goes on. */
export function warn(construct: IConstruct, text: string): void {
  construct.node.addMetadata(KEY, text);
}

/** What was said so of a construct and of all below it, each with its construct's path. */
export function warningsOf(scope: IConstruct): readonly string[] {
  return scope.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === KEY).map(({ data }) => `${node.path}: ${String(data)}`),
    );
}
