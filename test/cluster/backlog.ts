import { expect } from '@jest/globals';
import { services, taskBacklog } from '../../contract/index.js';
import type { RecordedSync } from '../../sim/scenarios/recorded-run.js';
import { eventually } from '../system/eventually.js';
import { ada, type Client, untilDone } from './client.js';
import { type DeployedPlatform, isReady } from './deployed-platform.js';
import { CEILING, FLOOR } from './environment.js';
import { autoscalerLine, kubectl } from './kubectl.js';
import { syncsDuring } from './recorded-autoscaler.js';
import { inSeconds, say, stopwatch } from './say.js';

const TASKS = 300;
const worker = services.worker.name;

/** Has tasks gather while no worker runs, then has the autoscaler see to them, until all are done and the workers are few again. @returns its syncs */
export async function workThrough(platform: DeployedPlatform, client: Client): Promise<readonly RecordedSync[]> {
  const since = stopwatch();
  const tell = (what: string) => say(`${what} after ${inSeconds(since())}`);
  // While there are none, no autoscaler acts either.
  await platform.scale(worker, 0);
  await eventually(async () => (await platform.pods(worker)).map(({ metadata }) => `${metadata.name} still works`));
  const accepted = await submit(client);
  tell(`${TASKS} tasks accepted`);
  const backlogPath = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${platform.namespace}/${taskBacklog.name}`;
  await eventually(async () => {
    // Before Prometheus has looked there is no such metric.
    const told = await kubectl(['get', '--raw', backlogPath]).catch((error: Error) => error.message);
    const isTold = told.startsWith('{') && Number(JSON.parse(told).items[0]?.value) >= TASKS;
    return isTold ? [] : [`the autoscaler is told ${told}`];
  });
  const ready = async () => (await platform.pods(worker)).filter(isReady).length;
  const untilWorkers = (are: (wanted: number, ready: number) => boolean) =>
    eventually(async () => {
      const deployment = ['get', `deployment/${worker}`, '-n', platform.namespace];
      const wanted = Number(await kubectl([...deployment, '-o', 'jsonpath={.spec.replicas}']));
      return are(wanted, await ready()) ? [] : [await autoscalerLine(platform.namespace, worker)];
    });
  return syncsDuring(platform.namespace, worker, async () => {
    await platform.scale(worker, FLOOR);
    await untilWorkers((_, workers) => workers > FLOOR);
    tell(`more than ${FLOOR} workers ready`);
    for (const { url, as } of accepted) await untilDone(client, url, as);
    tell(`${TASKS} tasks completed, ${await ready()} workers of at most ${CEILING}`);
    await untilWorkers((wanted, workers) => wanted === FLOOR && workers === FLOOR);
    tell(`${FLOOR} workers again`);
  });
}

async function submit(client: Client) {
  const texts = Array.from({ length: 100 }, (_, i) => `Shelf ${i} holds part number ${1000 + i}.`);
  const accepted: { readonly url: string; readonly as: typeof ada }[] = [];
  for (let i = 0; i < TASKS; i++) {
    // Each user may ask so often only.
    const as = { ...ada, user: `user-${i % 30}` };
    const body = { texts: texts.map((text) => `${text} Box ${i}.`), collection: 'parts' };
    const { status, json } = await client.request('/api/embeddings', { body, as });
    expect(status).toBe(202);
    accepted.push({ url: json().check_url, as });
  }
  return accepted;
}
