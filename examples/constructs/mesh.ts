import { LlmService, Mesh, PlatformNamespace, podsOf, ServiceRoute } from 'armature/constructs';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { glossary } from './glossary.js';
import { route } from './request-path.js';
import { team, translatorProps } from './team.js';
import { translator } from './translator.js';

/** Two services in a mesh: one is called by the other alone. */
export class ServicesInMesh extends Chart {
  constructor(scope: Construct) {
    super(scope, 'mesh');
    const platform = new PlatformNamespace(this, 'namespace', team);
    const service = new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 3 });
    const words = new LlmService(this, 'glossary', { ...translatorProps, platform, spec: glossary, replicas: 2 });
    new ServiceRoute(this, 'translator-route', { ...route, service });
    new ServiceRoute(this, 'glossary-route', { ...route, service: words });
    new Mesh(this, 'mesh', {
      platform,
      members: [translator, glossary],
      connections: [{ from: podsOf(translator), to: podsOf(glossary), port: glossary.port }],
    });
  }
}
