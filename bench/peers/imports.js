/** The least that an application on these libraries loads. */
await Promise.all([import('fastify'), import('zod'), import('@langchain/core/language_models/chat_models')]);
console.log('ready in no time of its own');
setInterval(() => {}, 60_000);
