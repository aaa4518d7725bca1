import { App, Chart } from 'cdk8s';
import type { MeshMode, NodePools, PlatformContext } from '../../constructs/index.js';
import { PLACEMENTS } from '../../contract/vocabulary/index.js';
import type { KubeManifest } from '../../infra/kube-manifest.js';

export type Manifest = KubeManifest;

/** An empty chart to put a construct into. */
export function emptyChart(): Chart {
  return new Chart(new App({ outdir: '.' }), 'test');
}

/** A platform on nodes that all pods share. */
export function testPlatform(own: Partial<PlatformContext> = {}): PlatformContext {
  const anywhere = Object.fromEntries(PLACEMENTS.map((placement) => [placement, { labels: {}, taints: {} }]));
  const mesh: MeshMode = { kind: 'none', why: 'a test' };
  return { namespace: 'team', instance: 'team', nodePools: anywhere as unknown as NodePools, mesh, ...own };
}

export function manifestsIn(chart: Chart): readonly Manifest[] {
  return chart.toJson();
}

/** The one object of a kind, or the one of a kind and name. */
export function find(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter((one) => one.kind === kind && (name === undefined || one.metadata.name === name));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const there = manifests.map((one) => `${one.kind}/${one.metadata.name}`).join(', ');
    throw new Error(`${found.length} objects are ${kind} ${name ?? ''}; there are: ${there}`);
  }
  return only;
}

/** The value at a dotted path, such as `spec.template.spec.containers.0.image`. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined),
      value,
    );
}
