import { expect, it } from '@jest/globals';
import { orchestrator } from '../../contract/index.js';
import { ada, testOptions } from '../runtime/service.fixture.js';
import { MeteredCall } from './metered-call.js';
import { TypicalOutput } from './typical-output.js';

it('tells of a call that cannot be booked, though nobody waits for it any more', async () => {
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
  // An unhandled rejection would end the process, and fails this test run.
  const booking = call.answered(undefined, 'words');
  await new Promise(setImmediate);
  expect(told).toMatchObject([[{ id: 'call 1', err: { message: 'no vocabulary' } }, 'a call could not be booked']]);
  await expect(booking).rejects.toThrow('no vocabulary');
});
