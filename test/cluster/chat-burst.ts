import { canaryPolicy, services, VERSION_LABEL } from '../../contract/index.js';
import { eventually } from '../system/eventually.js';
import type { Client } from './client.js';
import { type DeployedPlatform, isReady, type Pod } from './deployed-platform.js';
import { FLOOR } from './environment.js';
import { autoscalerLine } from './kubectl.js';
import { inSeconds, say, stopwatch } from './say.js';
import { askChat, type LoadResult, underLoad } from './steady-load.js';

const { name } = services.chat;

/** Asks chat more than its pods at the floor bear, until there are more of them, and waits until those have gone again. */
export async function burstOnChat(platform: DeployedPlatform, client: Client): Promise<LoadResult> {
  const running = async () => (await platform.pods(name)).filter(isStable).filter(isReady).length;
  const hpa = () => autoscalerLine(platform.namespace, name);
  const untilPods = (are: (running: number) => boolean) =>
    eventually(async () => (are(await running()) ? [] : [await hpa()]));
  const since = stopwatch();
  await untilPods((count) => count === FLOOR);
  const burst = await underLoad(client, () => untilPods((count) => count > FLOOR), {
    lines: 12,
    calls: (n) => [askChat(n)],
  });
  say(`more than ${FLOOR} pods of chat after ${inSeconds(since())}: ${(await hpa()).trim()}`);
  const ended = stopwatch();
  await untilPods((count) => count === FLOOR);
  say(`${burst.answered} requests answered; ${FLOOR} pods again ${inSeconds(ended())} later`);
  return burst;
}

/** Of chat's two releases the one that is there from the first on. */
function isStable({ metadata: { labels } }: Pod): boolean {
  return labels?.[VERSION_LABEL] === canaryPolicy.stableVersion;
}
