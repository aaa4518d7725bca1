import { writeFile } from 'node:fs/promises';
import { hpaSpecOf } from '../../sim/index.js';
import { type RecordedRun, type RecordedSync, replayRun } from '../../sim/scenarios/recorded-run.js';
import { kubectl } from './kubectl.js';

/** By how many replicas the simulator differs from an autoscaler of the cluster at each sync. CLUSTER_RECORD names a file to keep the syncs in. */
export async function replayDifferences(
  namespace: string,
  name: string,
  syncs: readonly RecordedSync[],
): Promise<readonly number[]> {
  const run: RecordedRun = {
    madeBy: `npm run test:cluster, ${new Date().toISOString().slice(0, 10)}`,
    syncSeconds: Number.parseFloat(process.env.HPA_SYNC ?? '15'),
    syncs,
  };
  const file = process.env.CLUSTER_RECORD;
  if (file !== undefined) await writeFile(file, recordText(run));
  const hpa = await kubectl(['get', `hpa/${name}`, '-n', namespace, '-o', 'jsonpath={.spec}']);
  const replayed = replayRun(hpaSpecOf(JSON.parse(hpa)), run);
  return syncs.map(({ wanted }, i) => Math.abs(wanted - (replayed[i] ?? 0)));
}

/** A line for each sync. */
function recordText({ syncs, ...head }: RecordedRun): string {
  const lines = syncs.map((sync) => `    ${JSON.stringify(sync)}`).join(',\n');
  return `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "syncs": [\n${lines}\n  ]\n}\n`;
}
