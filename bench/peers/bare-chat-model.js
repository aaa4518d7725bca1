/** The least that an answer through LangChain takes: Fastify and one ChatOpenAI, nothing around them. Usage: bare-chat-model.js UPSTREAM PORT */
import { ChatOpenAI } from '@langchain/openai';
import fastify from 'fastify';

const [upstream = '', port] = process.argv.slice(2);
const configuration = { baseURL: `${upstream}/v1` };
const model = new ChatOpenAI({ model: 'gpt-4', apiKey: 'sk-bench', maxRetries: 0, configuration });

const app = fastify();
app.get('/', async () => 'ready');
app.post('/v1/chat/completions', async ({ body }) => {
  const { messages } = /** @type {{ messages: { role: string, content: string }[] }} */ (body);
  const { text: content } = await model.invoke(messages);
  return { choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] };
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
