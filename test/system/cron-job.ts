import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at, type Manifest } from '../support/cluster.js';
import { brokerProgram } from './rabbitmq-line.js';
import { tool } from './tools.js';

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

/** What a run of a CronJob's pod came to. */
export interface JobRun {
  readonly status: number;
  /** The container that failed, or the last. */
  readonly container: string;
  readonly output: string;
}

/**
 * Runs the very scripts of a CronJob's pod, one container after the other as kubelet would, on this machine. Its folders stand below
 * `folder`, secrets in `secrets/` there; a run has its own `/backup` and `/tmp`, as a pod has.
 * @param env in the place of the manifest's, whose hosts are the cluster's
 */
export function runCronJob(job: Manifest, folder: string, env: Readonly<Record<string, string>>): JobRun {
  const pod = at(job, 'spec.jobTemplate.spec.template.spec');
  const run = mkdtempSync(join(folder, 'run-'));
  const places: Record<string, string> = {
    '/var/run/secrets/armature': join(folder, 'secrets'),
    '/backup': join(run, 'backup'),
    '/tmp': join(run, 'tmp'),
  };
  for (const place of ['/backup', '/tmp']) mkdirSync(places[place] ?? '');
  // In one pass: the places themselves are below /tmp.
  const here = (text: string) =>
    text.replace(
      /\/var\/run\/secrets\/armature|(?<![\w-])\/(?:backup|tmp)(?![\w-])/g,
      (place) => places[place] ?? place,
    );
  let ended: JobRun = { status: 0, container: '', output: '' };
  for (const { name, command, env: own = [] } of [
    ...(at(pod, 'initContainers') as readonly Container[]),
    ...(at(pod, 'containers') as readonly Container[]),
  ]) {
    const [program = '', ...args] = command.map(here);
    const { status, stdout, stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      cwd: run,
      env: {
        PATH: [brokerProgram('rabbitmqctl'), tool('rclone')]
          .map(dirname)
          .concat(process.env.PATH ?? '')
          .join(':'),
        ...Object.fromEntries(own.map((variable) => [variable.name, here(variable.value)])),
        ...env,
      },
    });
    ended = { status: status ?? -1, container: name, output: `${stdout}${stderr}` };
    if (status !== 0) break;
  }
  return ended;
}
