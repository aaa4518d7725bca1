import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { Manifest } from '../support/cluster.js';

/** Where tools/setup.sh puts what it gets. */
const toolsFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'armature', 'tools');

/**
 * @param kit what tools/setup.sh got as a whole, in a folder of its name
 * @throws if tools/setup.sh has not put the program there: a judge that is missing is a failure, not a skip
 */
export function tool(name: string, kit?: string): string {
  const path = join(toolsFolder, kit ?? '', 'bin', name);
  if (!existsSync(path)) throw new Error(`${path} is not there: run tools/setup.sh ${kit ?? name}`);
  return path;
}

/** The interpreter that sees the packages of tools/requirements.txt. */
export function pythonWithPackages(): string {
  const path = join(toolsFolder, 'python', 'bin', 'python');
  if (!existsSync(path)) throw new Error(`${path} is not there: run tools/setup.sh moto_server`);
  return path;
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a judge to its end, with `env` beside the test's own environment. */
export function judge(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
  return runProgram(tool(name), args, { env: { ...process.env, ...env } });
}

/** Runs any program to its end. */
export function runProgram(path: string, args: readonly string[], options: SpawnSyncOptions = {}): Ended {
  const { status, stdout, stderr, error } = spawnSync(path, args, {
    ...options,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** The definitions that some objects are of: few of a cluster's, and so served soon. */
export function definitionsOf(objects: readonly Manifest[]): readonly Manifest[] {
  const groups = new Set(objects.map(({ apiVersion }) => apiVersion.split('/')[0]));
  return customResourceDefinitions().filter(({ spec }) => groups.has((spec as { group: string }).group));
}

/** The custom resource definitions of Istio, cert-manager, KEDA and the Prometheus operator. */
export function customResourceDefinitions(): readonly Manifest[] {
  const folder = join(toolsFolder, 'crds');
  if (!existsSync(folder)) throw new Error('The custom resource definitions are not there: run tools/setup.sh crds');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .sort()
    .flatMap((path) => loadAll(readFileSync(join(folder, path), 'utf8')) as (Manifest | null)[])
    .filter((definition) => definition !== null);
}

/** JSON schemas of the resources of one version of Kubernetes, as kubernetes-validate carries them. */
export function kubernetesSchemas(version: string): string {
  const libraries = join(toolsFolder, 'python', 'lib');
  const [python = 'python3'] = existsSync(libraries) ? readdirSync(libraries) : [];
  const folder = join(
    libraries,
    python,
    'site-packages/kubernetes_validate/kubernetes-json-schema',
    `v${version}.0-local-strict`,
  );
  if (!existsSync(folder)) throw new Error(`No schemas in ${folder}: run tools/setup.sh kubernetes-validate`);
  return folder;
}

/** How kwok's own stages have nodes and pods come up, as a file. */
export function kwokStages(): string {
  const path = join(toolsFolder, 'kwok', 'stages.yaml');
  if (!existsSync(path)) throw new Error(`The stages of kwok are not there: run tools/setup.sh kwok-stages`);
  return path;
}
