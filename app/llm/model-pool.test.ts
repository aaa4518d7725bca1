import { expect, it } from '@jest/globals';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { testModels } from '../../test/support/orchestrator.js';
import { ModelPool } from './model-pool.js';
import type { ModelParameters } from './providers.js';

it('keeps a model for each key and for what LangChain makes it with, and for nothing else that a request may set', async () => {
  const pool = new ModelPool({ openaiApiKeys: ['first', 'second'], anthropicApiKeys: [] }, Date.now);
  const [spec] = testModels;
  if (spec === undefined) throw new Error('The table of the tests is empty.');
  const asked = async (parameters: ModelParameters & { readonly seed?: number }) => {
    let made: BaseChatModel | undefined;
    await pool.call(spec, async (_, make) => {
      made = await make(parameters);
    });
    return made;
  };
  const [first, second] = [await asked({}), await asked({})];
  expect(second).not.toBe(first);
  expect([await asked({}), await asked({ seed: 7 })]).toEqual([first, second]);
  expect(await asked({ temperature: 0 })).not.toBe(first);
  expect(await asked({})).toBe(second);
});
