import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import type { EngineStandIn } from './engine-stand-in.fixture.js';
import type { RunOptions } from './recorded-run.fixture.js';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

interface Project {
  readonly name: string;
  readonly main: string;
  readonly runtime: { readonly options: { readonly typescript: boolean; readonly nodeargs: string } };
}

export interface HostedRun {
  readonly exitCode: number;
  readonly stderr: string;
  /** From the start of the process to its end. */
  readonly seconds: number;
}

/** Runs the program of Pulumi.yaml in a process of its own, as Pulumi's language host for Node does, against an engine. */
export async function runHosted(
  engine: EngineStandIn,
  { stack, config, secretKeys = [] }: RunOptions,
): Promise<HostedRun> {
  const { name, main, runtime } = load(readFileSync(join(projectFolder, 'Pulumi.yaml'), 'utf8')) as Project;
  const { typescript, nodeargs } = runtime.options;
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...nodeargs.split(' '),
      dirname(require.resolve('@pulumi/pulumi/cmd/run/index.js')),
      ...[`--monitor=${engine.address}`, `--engine=${engine.address}`],
      ...[`--project=${name}`, `--stack=${stack}`, '--parallel=16'],
      `--pwd=${join(projectFolder, dirname(main))}`,
      basename(main),
    ],
    {
      // The folder of the program is the process's own: Node looks for what --import names from there.
      cwd: join(projectFolder, dirname(main)),
      env: {
        PATH: process.env.PATH,
        PULUMI_NODEJS_TYPESCRIPT: String(typescript),
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, stderr, seconds: (performance.now() - start) / 1_000 };
}
