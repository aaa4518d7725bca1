import { expect, it } from '@jest/globals';
import { orchestrator } from '../../contract/index.js';
import { ada, testOptions } from '../runtime/service.fixture.js';
import { MeteredCall } from './metered-call.js';
import { TypicalOutput } from './typical-output.js';

it('tells of a call that cannot be booked, and its answer is given all the same', async () => {
  const { metrics, logger } = testOptions(orchestrator);
  const told: unknown[] = [];
  const call = new MeteredCall(
    {
      outbox: { record: async () => undefined },
      budgets: { admit: async () => undefined, review: async () => undefined },
      typicalOutput: new TypicalOutput(),
      metrics,
      logger: Object.assign(Object.create(logger), { error: (...said: unknown[]) => told.push(said) }),
      clock: Date.now,
      newId: () => 'call 1',
    },
    {
      owner: ada,
      feature: 'chat',
      kind: 'chat',
      provider: 'openai',
      model: 'm',
      costMicroUsd: () => 1,
      countInput: () => Promise.reject(new Error('no vocabulary')),
      countOutput: async () => 1,
    },
  );
  expect(await call.answered(undefined, 'words')).toEqual({ input_tokens: 0, output_tokens: 0 });
  expect(told).toMatchObject([
    [{ id: 'call 1', owner: ada, err: { message: 'no vocabulary' } }, 'a call could not be booked'],
  ]);
});
