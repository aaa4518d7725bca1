import type { ChatResult, TaskView } from '../../contract/index.js';
import { eventually } from '../system/eventually.js';
import { ada, type Client } from './client.js';

/** Retries wait for minutes. */
const LIMIT_MS = 600_000;

export interface AcceptedWork {
  readonly accepted: number;
  /** That nobody has promised anything about. */
  readonly refused: number;
  /** What was promised and not kept, or forgotten. */
  readonly lost: readonly string[];
}

/**
 * Hands in one task after the other, each with a conversation of its own, and sees each to its end, whatever happens meanwhile.
 * @param during is done meanwhile; `more` waits until so many more tasks have been accepted
 */
export async function handInWork(
  client: Client,
  lines: number,
  during: (more: (count: number) => Promise<void>) => Promise<void>,
): Promise<AcceptedWork> {
  let going = true;
  let [accepted, refused] = [0, 0];
  const lost: string[] = [];
  const running = Array.from({ length: lines }, async (_, line) => {
    for (let i = 0; going; i++) {
      const as = { ...ada, user: `worker-${line}-${i % 20}` };
      const session = `work-${line}-${i}`;
      const url = await submitted(client, session, as);
      if (url === undefined) {
        refused++;
        continue;
      }
      accepted++;
      await eventually(() => unkept(client, url, session, as), LIMIT_MS).catch((error: Error) =>
        lost.push(error.message),
      );
    }
  });
  try {
    await during((count) => {
      const wanted = accepted + count;
      return eventually(async () => (accepted >= wanted ? [] : [`${accepted} of ${wanted} tasks are accepted`]));
    });
  } finally {
    going = false;
    await Promise.all(running);
  }
  return { accepted, refused, lost };
}

/** @returns where to ask for it, if it was accepted */
async function submitted(client: Client, session: string, as: typeof ada): Promise<string | undefined> {
  const body = { session, message: `What is kept on the shelf of ${session}?` };
  const answer = await client.request('/chat/async', { body, as }).catch(() => undefined);
  return answer?.status === 202 ? answer.json().check_url : undefined;
}

/** What is still missing of an accepted task: its good end, and then both sides of the conversation. */
async function unkept(client: Client, url: string, session: string, as: typeof ada): Promise<readonly string[]> {
  try {
    const { status, text, json } = await client.request(`${url}?wait_ms=20000`, { as });
    if (status !== 200) return [`${url}: ${status} ${text}`];
    const view = json() as TaskView;
    if (view.status !== 'completed') return [`${url} is ${view.status}`];
    // What was never kept is not lost, as long as the answer says so.
    if ((view.result as ChatResult).metadata.memory === 'unavailable') return [];
    const { messages = [] } = (await client.request(`/api/sessions/${session}`, { as })).json();
    return messages.length >= 2 ? [] : [`${session} has ${messages.length} messages after ${url} was completed`];
  } catch (error) {
    // While a store changes hands nobody answers.
    return [`${url}: ${error}`];
  }
}
