import { CanaryRelease, CanaryReleaseDefinition, LlmService, Mesh, PlatformNamespace } from 'armature/constructs';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { image, team, translatorProps } from './team.js';
import { translator } from './translator.js';

/** A service whose next release the canary controller tries: it moves the weights, which stand in no manifest. */
export class ReleasedByController extends Chart {
  constructor(scope: Construct) {
    super(scope, 'canary-release');
    const platform = new PlatformNamespace(this, 'namespace', team);
    new CanaryReleaseDefinition(this, 'definition');
    const service = new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 3 });
    const canary = service.addRelease({
      ...translatorProps,
      version: 'v2',
      image: { ...image, tag: '3.2.0' },
      replicas: 2,
    });
    new CanaryRelease(this, 'release', {
      service,
      canary,
      betaHeader: { name: 'x-beta', value: 'true' },
      timeoutMs: 30_000,
      idleTimeoutSeconds: 60,
    });
    new Mesh(this, 'mesh', { platform, members: [translator], connections: [], accountsElsewhere: {} });
  }
}
