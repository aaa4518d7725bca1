import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { yamlOf } from '../../constructs/index.js';
import type { Manifest } from '../support/cluster.js';
import type { ControlPlane } from './control-plane.js';
import { tool } from './tools.js';
import { written } from './written-configuration.js';

const run = promisify(execFile);

/** Applies objects as their user does. @throws with kubectl's words when anything is refused */
export async function applyByKubectl(
  server: ControlPlane,
  objects: readonly Manifest[],
  ...options: readonly string[]
): Promise<void> {
  const file = written(server, 'environment.yaml', yamlOf({ apiVersion: 'v1', kind: 'List', items: objects }));
  const kubeconfig = server.kubeconfig('kubectl', server.tokenOf('admin'));
  await run(tool('kubectl'), ['apply', ...options, '-f', file, '--kubeconfig', kubeconfig]);
}
