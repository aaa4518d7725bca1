import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { yamlOf } from '../../constructs/index.js';
import { find, type Manifest } from '../support/cluster.js';
import { judge } from './tools.js';

const folder = mkdtempSync(join(tmpdir(), 'armature-istio-'));

/** Without it istioctl asks whatever cluster the machine knows of. */
const NO_CLUSTER = { KUBECONFIG: '/dev/null' };

/**
 * Istio as istioctl installs it, with an ingress gateway where environments expect it.
 * @param cni whether its CNI plugin sets up pods' networks, or an init container in each
 */
export function istioInstallation({ cni }: { readonly cni: boolean }): readonly Manifest[] {
  const gateway = 'components.ingressGateways[0]';
  const { status, stdout, stderr } = istioctl('manifest', 'generate', [
    `--set=components.cni.enabled=${cni}`,
    `--set=${gateway}.name=istio-ingressgateway`,
    `--set=${gateway}.namespace=istio-ingress`,
    `--set=${gateway}.enabled=true`,
    // A release names its images; what stands between two releases says latest.
    '--set=tag=1.30.0',
  ]);
  if (status !== 0) throw new Error(stderr);
  return parse(stdout);
}

/** The objects as Istio's webhook would let them in: with a proxy beside each pod that takes part in the mesh. */
export function inject(objects: readonly Manifest[], installation: readonly Manifest[]): readonly Manifest[] {
  const injector = find(installation, 'ConfigMap', 'istio-sidecar-injector').data as Record<string, string>;
  const mesh = find(installation, 'ConfigMap', 'istio').data as Record<string, string>;
  const output = join(folder, 'injected.yaml');
  const { status, stderr } = istioctl('kube-inject', [
    // Otherwise it looks for one in a cluster.
    '--revision=default',
    `--injectConfigFile=${write('injector.yaml', injector.config)}`,
    `--valuesFile=${write('values.json', injector.values)}`,
    `--meshConfigFile=${write('mesh.yaml', mesh.mesh)}`,
    `--filename=${writeObjects('plain.yaml', objects)}`,
    `--output=${output}`,
  ]);
  if (status !== 0) throw new Error(stderr);
  return parse(readFileSync(output, 'utf8'));
}

/**
 * What `istioctl analyze` has against a cluster, hints included.
 * @param kubeconfig of the cluster. Of files alone it leaves out namespaces, pods and secrets, and so half of its checks.
 * @param changes objects that it takes in the place of the cluster's
 */
export function analyze(kubeconfig: string, changes: readonly Manifest[] = []): readonly string[] {
  const files = changes.length > 0 ? [writeObjects('changes.yaml', changes)] : [];
  const options = [`--kubeconfig=${kubeconfig}`, '--all-namespaces', '--output=json'];
  const { stdout, stderr } = istioctl('analyze', options, files);
  if (!stdout.startsWith('[')) throw new Error(stderr);
  const messages = JSON.parse(stdout) as readonly Record<'code' | 'level' | 'origin' | 'message', string>[];
  return messages.map(({ code, level, origin, message }) => `${level} ${code} ${origin}: ${message}`);
}

/** What `istioctl validate` has against objects, one by one; it says of each file that is right that it is. */
export function validate(objects: readonly Manifest[]): readonly string[] {
  const { stdout, stderr } = istioctl('validate', [`--filename=${writeObjects('validated.yaml', objects)}`]);
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !line.endsWith('is valid'));
}

function istioctl(...args: readonly (string | readonly string[])[]) {
  return judge('istioctl', args.flat(), NO_CLUSTER);
}

function writeObjects(name: string, objects: readonly Manifest[]): string {
  return write(name, objects.map((object) => yamlOf(object)).join('---\n'));
}

function write(name: string, text = ''): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function parse(text: string): readonly Manifest[] {
  return (loadAll(text, { schema: YAML11_SCHEMA }) as (Manifest | null)[]).filter((one) => one !== null);
}
