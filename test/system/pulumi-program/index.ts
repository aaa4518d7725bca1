import type { Construct } from 'constructs';
import { program } from '../../../infra/program.js';
import { type EnvironmentConfigInput, Local, local, Staging, staging } from '../../../stacks/index.js';
import { RELEASE_VARIABLE } from './release-variable.js';

function released(image: EnvironmentConfigInput['image']): EnvironmentConfigInput['image'] {
  return { ...image, tag: process.env[RELEASE_VARIABLE] ?? image.tag };
}

/** Staging, at the release that the test says. */
class Released extends Staging {
  constructor(scope: Construct) {
    super(scope, { ...staging, image: released(staging.image) });
  }
}

/** A second environment for the same cluster: in a namespace of its own, and without what a cluster has only one of. */
class Beside extends Local {
  constructor(scope: Construct) {
    super(scope, { ...local, name: 'beside', namespace: 'beside' });
  }
}

export const { environment, namespace, urls, endpoints } = program({ staging: Released, beside: Beside });
