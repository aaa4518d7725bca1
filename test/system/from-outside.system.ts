import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { at, find, type Manifest } from '../support/cluster.js';
import { howToFromOutside } from '../support/how-to-from-outside.js';
import { applyInOrder, prerequisites, resourceVersions } from './apply-in-order.js';
import { ControlPlane } from './control-plane.js';
import type { RenderedEnvironment } from './environments.js';
import { allSchemas, checkov, failedChecks, kubeconform, kubeScore } from './linters.js';
import { customResourceDefinitions, runProgram } from './tools.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of a user who has read docs/how-to/from-outside.md. */
let folder: string;
let lyon: RenderedEnvironment;
/** What each of the page's commands printed. */
const printed: string[] = [];

beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'armature-outside-')), 'lyon');
  mkdirSync(folder);
  const { files, commands } = howToFromOutside();
  const [install = '', synthesise = ''] = commands;
  printed.push(shell(install));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  printed.push(shell(synthesise));
  lyon = readEnvironment(join(folder, 'dist'));
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

/** @throws with what they printed when one of them fails */
function shell(commands: string): string {
  const { status, stdout, stderr } = runProgram('bash', ['-euxo', 'pipefail', '-c', commands], {
    cwd: folder,
    env: { ...ownEnvironment(), ARMATURE: project },
  });
  if (status !== 0) throw new Error(`Ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** Nothing of this project's own npm run: neither its settings nor its programs. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|node_|init_cwd)/i.test(name));
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.startsWith(project));
  return {
    ...Object.fromEntries(kept),
    PATH: path.join(delimiter),
    CDK8S_CHECK_UPGRADE: 'false',
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
}

function readEnvironment(dist: string): RenderedEnvironment {
  const files = readdirSync(dist)
    .sort()
    .map((name) => join(dist, name));
  const objects = files.flatMap((file) => loadAll(readFileSync(file, 'utf8'), { schema: YAML11_SCHEMA }) as Manifest[]);
  return { name: 'lyon', namespace: find(objects, 'Namespace').metadata.name, files, objects };
}

describe('the package, to those who look at packages,', () => {
  const own = (program: string) => join(project, 'node_modules', '.bin', program);
  const tarball = () => join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'no tarball');

  test('says what it has (publint)', () => {
    const { status, stdout } = runProgram(own('publint'), ['run', tarball(), '--pack', 'false', '--strict']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('All good!') });
  });

  test('has the types of what it exports (are the types wrong?)', () => {
    const { status, stdout } = runProgram(own('attw'), [tarball(), '--profile', 'esm-only', '--format', 'ascii']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('armature/stacks') });
  });

  test('has types that refuse what its user mistypes', () => {
    const wrong = (howToFromOutside().files['platform.ts'] ?? '')
      .replace('rabbitmqUrl:', 'rabitmqUrl:')
      .replace('kit.queueMessagesReady', "'rabbitmq_queue_messages_ready'");
    writeFileSync(join(folder, 'mistyped.ts'), wrong);
    const { status, stdout } = runProgram('npx', ['tsc'], { cwd: folder, env: ownEnvironment() });
    rmSync(join(folder, 'mistyped.ts'));
    expect(status).not.toBe(0);
    expect(stdout).toContain("'rabitmqUrl' does not exist");
    expect(stdout).toMatch(/mistyped\.ts.*'string' is not assignable to parameter of type 'Gauge'/);
  });
});

describe('an environment written by somebody who has only the package', () => {
  test('has its service, its queue and its metric', () => {
    const hpa = find(lyon.objects, 'HorizontalPodAutoscaler', 'transcriber');
    expect(at(hpa, 'spec.metrics.2.external.metric.name')).toBe('recordings_waiting');
    expect(at(hpa, 'spec.metrics.3.pods.metric.name')).toBe('audio_seconds_per_second');
    const broker = find(lyon.objects, 'ConfigMap', 'rabbitmq-configuration');
    expect(String(Object.values(broker.data as object))).toContain('recordings.inbox');
    expect(find(lyon.objects, 'ConfigMap', 'rag-settings').data).toMatchObject({ S3_REGION: 'eu-west-3' });
    expect(at(find(lyon.objects, 'HorizontalPodAutoscaler', 'rag'), 'spec')).toMatchObject({
      minReplicas: 8,
      maxReplicas: 30,
    });
  });

  test('has nothing that `armature check` would change', () => {
    expect(printed[1]).toContain(`0 errors, 0 warnings in ${lyon.objects.length} objects`);
  });

  test('has nothing that kube-score would change', () => {
    const { checks, findings } = kubeScore(lyon);
    expect(findings).toEqual([]);
    expect(checks).toBeGreaterThan(lyon.objects.length);
  });

  test('has nothing that checkov would change', () => {
    const report = checkov([lyon]);
    expect(failedChecks(report, lyon.files)).toEqual([]);
    expect(report.summary).toMatchObject({ skipped: 0 });
    expect(report.summary.passed).toBeGreaterThan(lyon.objects.length);
  });

  test('has nothing that kubeconform would change', () => {
    const { valid, findings } = kubeconform(lyon, allSchemas());
    expect(findings).toEqual([]);
    expect(valid).toBe(lyon.objects.length);
  });

  describe('is accepted by a real API server', () => {
    let server: ControlPlane;
    beforeAll(async () => {
      server = await ControlPlane.start();
      await server.define(customResourceDefinitions());
      await server.applyAll(prerequisites);
    });
    afterAll(() => server?.stop());

    test('in the order of the files, without a warning, and a second apply changes nothing', async () => {
      expect((await applyInOrder(server, lyon.objects)).complaints).toEqual([]);
      const standing = await resourceVersions(server, lyon.objects);
      expect(await applyInOrder(server, lyon.objects)).toEqual({ complaints: [], resourceVersions: standing });
    });
  });
});
