import { AsyncCaller } from '@langchain/core/utils/async_caller';

/** Makes LangChain's calls at once, and once: its own has a queue and counts attempts, where the pipeline around a model does both. */
export class PlainCaller extends AsyncCaller {
  constructor() {
    super({ maxRetries: 0 });
  }

  override call: AsyncCaller['call'] = (work, ...args) => work(...args);

  override callWithOptions: AsyncCaller['callWithOptions'] = (_options, work, ...args) => work(...args);
}
