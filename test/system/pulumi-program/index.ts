import type { Construct } from 'constructs';
import { program } from '../../../infra/program.js';
import { Local, local, Staging } from '../../../stacks/index.js';

/** A second environment for the same cluster: in a namespace of its own, and without what a cluster has only one of. */
class Beside extends Local {
  constructor(scope: Construct) {
    super(scope, { ...local, name: 'beside', namespace: 'beside' });
  }
}

export const { environment, namespace, urls, endpoints } = program({ staging: Staging, beside: Beside });
