/** The least that Fastify does: one route, which always answers the same. Usage: bare-fastify.js PORT PATH BODY */
import fastify from 'fastify';

const [port, path = '/', body = '{}'] = process.argv.slice(2);
const answer = JSON.parse(body);
const app = fastify();
app.get(path, async () => answer);
await app.listen({ host: '127.0.0.1', port: Number(port) });
