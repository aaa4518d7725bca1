import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, find } from '../support/cluster.js';
import type { ControlPlane } from './control-plane.js';
import type { RenderedEnvironment } from './environments.js';

/** The files that a server of an environment reads, by their names. */
export function configurationOf({ objects }: RenderedEnvironment, name: string): Readonly<Record<string, string>> {
  return at(find(objects, 'ConfigMap', `${name}-configuration`), 'data') as Record<string, string>;
}

/** Writes a file down where the programs of a control plane run. @returns its path */
export function written({ folder }: ControlPlane, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
