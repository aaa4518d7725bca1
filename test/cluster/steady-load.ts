import { ada, type Client } from './client.js';

export interface LoadResult {
  readonly answered: number;
  /** What was answered in another way than asked for, or not at all. */
  readonly failures: readonly string[];
}

/** Asks the gateway one thing after the other, of several processes in turn, until it is stopped. */
export function steadyLoad(client: Client): { stop(): Promise<LoadResult> } {
  let going = true;
  let answered = 0;
  const failures: string[] = [];
  const lines = ['one', 'two'].map(async (name) => {
    for (let i = 0; going; i++) {
      // One person alone would soon be told to ask less often.
      const as = { ...ada, user: `load-${name}-${i % 20}` };
      const calls = [
        ['/v1/models', {}],
        ['/api/chat', { body: { session: `load-${i}`, message: 'Where are spare seals kept?' } }],
        ['/api/search', { body: { query: 'spare seals' } }],
      ] as const;
      for (const [path, call] of calls) {
        const failure = await client.request(path, { ...call, as }).then(
          ({ status, text }) => (status === 200 ? undefined : `${path}: ${status} ${text.slice(0, 200)}`),
          (error: Error) => `${path}: ${error.message} ${error.cause ?? ''}`,
        );
        if (failure === undefined) answered++;
        else failures.push(failure);
      }
    }
  });
  return {
    stop: async () => {
      going = false;
      await Promise.all(lines);
      return { answered, failures };
    },
  };
}
