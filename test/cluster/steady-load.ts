import { ada, type Call, type Client } from './client.js';

export interface LoadResult {
  readonly answered: number;
  /** What was answered in another way than asked for, or not at all. */
  readonly failures: readonly string[];
}

type LoadCall = readonly [path: string, call: Call];

export const askChat = (i: number): LoadCall => [
  '/api/chat',
  { body: { session: `load-${i}`, message: 'Where are spare seals kept?' } },
];

/** A little of all that answers at once. */
const askAll = (i: number): readonly LoadCall[] => [
  ['/v1/models', {}],
  askChat(i),
  ['/api/search', { body: { query: 'spare seals' } }],
];

export interface LoadProps {
  /** Requests that are under way at a time. @default 2 */
  readonly lines?: number;
  /** What each line asks for, in turn, at its nth turn. @default a little of all that answers at once */
  calls?(n: number): readonly LoadCall[];
}

/** Asks the gateway one thing after the other, of several processes in turn, while something else is done, and however that ends. */
export async function underLoad(
  client: Client,
  work: () => Promise<unknown>,
  { lines = 2, calls = askAll }: LoadProps = {},
): Promise<LoadResult> {
  let going = true;
  let answered = 0;
  const failures: string[] = [];
  const running = Array.from({ length: lines }, async (_, line) => {
    for (let i = 0; going; i++) {
      // One person alone would soon be told to ask less often.
      const as = { ...ada, user: `load-${line}-${i % 20}` };
      for (const [path, call] of calls(i)) {
        const failure = await client.request(path, { ...call, as }).then(
          ({ status, text }) => (status === 200 ? undefined : `${path}: ${status} ${text.slice(0, 200)}`),
          (error: Error) => `${path}: ${error.message} ${error.cause ?? ''}`,
        );
        if (failure === undefined) answered++;
        else failures.push(failure);
      }
    }
  });
  try {
    await work();
  } finally {
    going = false;
    await Promise.all(running);
  }
  return { answered, failures };
}
