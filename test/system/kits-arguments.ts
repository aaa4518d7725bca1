import { at, find, type Manifest } from '../support/cluster.js';

/**
 * What a server of an environment is started with, but for flags that name addresses and files of a cluster.
 * @param own flags by their name, in the place of the environment's or beside them
 */
export function kitsArguments(
  objects: readonly Manifest[],
  kind: 'Deployment' | 'StatefulSet',
  name: string,
  own: Readonly<Record<string, string>>,
): readonly string[] {
  const kits = at(find(objects, kind, name), 'spec.template.spec.containers.0.args') as readonly string[];
  const others = kits.filter((arg) => !Object.keys(own).some((flag) => arg.startsWith(`--${flag}=`)));
  return [...others, ...Object.entries(own).map(([flag, value]) => `--${flag}=${value}`)];
}
