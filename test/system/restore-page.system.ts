import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { backups, gateway, worker } from '../../contract/index.js';
import { production, separatePools } from '../../stacks/index.js';
import { at, find, type Manifest } from '../support/cluster.js';
import { Cluster } from './cluster.js';
import { inCluster, renderReleased } from './environments.js';
import { eventually } from './eventually.js';
import { pageCommands } from './page-commands.js';
import { tool } from './tools.js';

const pools = (nodes: number) => {
  const node = { cpu: '7', memory: '28Gi', nodes };
  return separatePools({ general: node, compute: node, memory: node, network: node, isolated: node });
};
const { objects, namespace } = renderReleased('in-cluster', { ...production, ...inCluster, nodePools: pools(30) });

/** Who asks for writes. */
const WRITERS = [gateway.name, worker.name];
const KINDS = ['Namespace', 'PriorityClass', 'ServiceAccount', 'LimitRange', 'ResourceQuota', 'CronJob'];
const applied = [
  ...objects.filter(({ kind }) => KINDS.includes(kind)),
  ...WRITERS.flatMap((name) => ['Deployment', 'HorizontalPodAutoscaler'].map((kind) => find(objects, kind, name))),
];

const page = readFileSync(new URL('../../docs/how-to/backup-and-restore.md', import.meta.url), 'utf8');
const commands = pageCommands(page);
const under = (heading: string) => commands.filter((one) => one.heading === heading).map(({ command }) => command);

let cluster: Cluster;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  cluster = await Cluster.start(pools(3));
  const { server } = cluster;
  await cluster.provision([]);
  // What a provisioner would make for the scratch volumes of the jobs' pods.
  for (let i = 0; i < 12; i++) {
    const metadata = { name: `scratch-${i}` };
    const capacity = { storage: '500Gi' };
    const spec = { storageClassName: 'standard', capacity, accessModes: ['ReadWriteOnce'], hostPath: { path: '/no' } };
    expect((await server.send('POST', '/api/v1/persistentvolumes', { metadata, spec })).status).toBe(201);
  }
  await server.applyAll(applied);
  await reach((floor) => floor);
  env = {
    PATH: `${dirname(tool('kubectl'))}:${process.env.PATH}`,
    // Where kubectl keeps what it has discovered.
    HOME: server.folder,
    KUBECONFIG: server.kubeconfig('reader', server.tokenOf('admin')),
  };
});
afterAll(() => cluster?.stop());

/** What a command of the page makes of the cluster, by its verb. Each is looked for after the command. */
const effects: readonly { readonly of: RegExp; readonly seen: (command: string) => Promise<void> }[] = [
  { of: /^NS=/, seen: async (command) => expect(command).toBe(`NS=${namespace}`) },
  {
    of: / create job (\S+) --from=cronjob\/(\S+)$/,
    seen: async (command) => {
      const [, name = '', cronJob = ''] = / create job (\S+) --from=cronjob\/(\S+)/.exec(command) ?? [];
      const template = at(find(objects, 'CronJob', cronJob), 'spec.jobTemplate.spec.template.spec');
      const spec = at(await standing('Job', name), 'spec.template.spec');
      for (const containers of ['initContainers', 'containers']) {
        expect(at(spec, `${containers}.0`)).toMatchObject(at(template, `${containers}.0`) as object);
      }
    },
  },
  {
    of: / wait --for=condition=complete .*job\//,
    seen: async (command) => {
      const name = command.split('/').at(-1) ?? '';
      expect(at(await standing('Job', name), 'status.succeeded')).toBe(1);
    },
  },
  {
    of: / patch cronjob /,
    seen: async (command) => {
      const suspended = command.includes('true');
      expect(at(await standing('CronJob', backups.postgres.name), 'spec.suspend')).toBe(suspended);
    },
  },
  {
    of: / scale deployment /,
    seen: async (command) => {
      const replicas = Number(command.split('=').at(-1));
      // From more than none on, their autoscalers take over.
      await reach((floor) => (replicas === 0 ? 0 : Math.max(replicas, floor)));
      // Whether the autoscaler has left it alone is told by its own condition.
      await eventually(async () => {
        const reasons = await Promise.all(WRITERS.map(autoscalingReason));
        const isOff = (reason: string) => reason === 'ScalingDisabled';
        return reasons.every((reason) => isOff(reason) === (replicas === 0)) ? [] : reasons;
      });
    },
  },
  {
    of: / wait --for=delete pod /,
    seen: async () => {
      for (const name of WRITERS) expect(await cluster.pods(namespace, `app.kubernetes.io/name=${name}`)).toEqual([]);
    },
  },
  {
    of: / BACKUP=\S+ .*apply -f -$/,
    seen: async (command) => {
      const [, name = ''] = / create job (\S+)/.exec(command) ?? [];
      const [, time = ''] = / BACKUP=(\S+)/.exec(command) ?? [];
      const download = at(await standing('Job', name), 'spec.template.spec.initContainers.0');
      expect(at(download, 'name')).toBe('download');
      expect(at(download, 'env')).toContainEqual({ name: 'BACKUP', value: time });
    },
  },
];
const isLogs = (command: string) => command.includes(' logs ');

describe('the page', () => {
  test.each(commands)('$heading: $command', async ({ command }) => {
    if (isLogs(command)) {
      // There is nothing behind a node that could give them: pod and container were found all the same.
      expect(await run(command)).toMatchObject({ status: 1, output: expect.stringMatching(NO_KUBELET) as unknown });
      return;
    }
    const [effect, ...more] = effects.filter(({ of }) => of.test(command));
    expect(more).toEqual([]);
    expect(await run(command)).toMatchObject({ status: 0 });
    await effect?.seen(command);
    expect(effect).toBeDefined();
  });

  test('knows its containers: logs of one that is not there are refused otherwise', async () => {
    const [logs = ''] = under('Back up now').filter(isLogs);
    const { output } = await run(logs.replace('-c upload', '-c uplaod'));
    expect(output).toContain('container uplaod is not valid');
  });

  test('says how alerts of a failed backup end: the CronJob counts what a person has started', async () => {
    expect(at(await standing('CronJob', backups.postgres.name), 'status.lastSuccessfulTime')).toEqual(
      at(await standing('Job', 'postgres-backup-now'), 'status.completionTime'),
    );
  });

  const others = [...page.matchAll(/`(?:--from=)?cronjob\/([a-z-]+-restore)`/g)].map(([, name = '']) => name);

  test.each(others)('restores from %s in the same way', async (cronJob) => {
    const [create = ''] = under('Restore').filter((command) => / create job \S+ --from=\S+$/.test(command));
    const command = create.replaceAll('postgres-restore', cronJob);
    expect(await run(command)).toMatchObject({ status: 0 });
    expect(await run(`kubectl -n $NS wait --for=condition=complete --timeout=1m job/${cronJob}-1`)).toMatchObject({
      status: 0,
    });
  });

  test('names every restore that there is', () => {
    const there = objects.filter(({ kind, metadata }) => kind === 'CronJob' && metadata.name.endsWith('-restore'));
    expect([...others, 'postgres-restore'].sort()).toEqual(there.map(({ metadata }) => metadata.name).sort());
  });
});

const NO_KUBELET = /no preferred addresses found/;

/** Waits until the writers have so many pods, all of them ready. @param replicas of the floor of its autoscaler */
async function reach(replicas: (floor: number) => number): Promise<void> {
  const wanted = WRITERS.map((name) => {
    const floor = Number(at(find(objects, 'HorizontalPodAutoscaler', name), 'spec.minReplicas'));
    return [name, replicas(floor)] as const;
  });
  await eventually(() => cluster.unready(namespace, new Map(wanted)), 60_000);
}

async function standing(kind: 'Job' | 'CronJob', name: string): Promise<Manifest> {
  return (await cluster.server.get({ apiVersion: 'batch/v1', kind, metadata: { name, namespace } })).body;
}

/** Why an autoscaler does what it does, or does nothing. */
async function autoscalingReason(name: string): Promise<string> {
  const { body } = await cluster.server.get(find(objects, 'HorizontalPodAutoscaler', name));
  const conditions = (at(body, 'status.conditions') ?? []) as readonly { type: string; reason: string }[];
  return conditions.find(({ type }) => type === 'ScalingActive')?.reason ?? 'not looked at yet';
}

/** Runs a command by a shell, as the page's reader does. */
function run(command: string): Promise<{ readonly status: number; readonly output: string }> {
  return new Promise((resolve) =>
    execFile('sh', ['-c', command], { env: { ...env, NS: namespace } }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? -1) : 0, output: `${stdout}${stderr}` }),
    ),
  );
}
