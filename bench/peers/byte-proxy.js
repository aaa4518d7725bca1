/** The least that a proxy does in Node: what comes in goes out. Usage: byte-proxy.js UPSTREAM PORT */
import { createServer } from 'node:http';
import { Pool } from 'undici';

const [upstream = '', port] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 256 });

createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const { url = '/', headers } = request;
  const method = /** @type {import('undici').Dispatcher.HttpMethod} */ (request.method);
  const { host: _host, connection: _connection, ...passed } = headers;
  pool
    .stream({ method, path: url, headers: passed, body: request }, ({ statusCode, headers: answered }) => {
      const { connection: _own, 'keep-alive': _kept, ...rest } = answered;
      response.writeHead(statusCode, rest);
      return response;
    })
    .catch((error) => response.destroy(error));
}).listen(Number(port), '127.0.0.1');
