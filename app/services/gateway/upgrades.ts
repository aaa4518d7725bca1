import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Passes on the requests that ask for a WebSocket, and has all others answered as if they had asked for no other protocol: Java's client
 * asks every server for `h2c`, with every request, and a server may overlook that (RFC 9110, section 7.8). Node hands them over as
 * connections that are no longer HTTP.
 *
 * @returns what emits `upgrade` for a WebSocket
 */
export function webSocketUpgrades(server: Server): Server {
  const webSockets = new EventEmitter();
  server.on('upgrade', (request: IncomingMessage, socket: Socket, rest: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') {
      webSockets.emit('upgrade', request, socket, rest);
      return;
    }
    // Read again, without what it asked for.
    socket.unshift(Buffer.concat([headWithoutUpgrade(request), rest]));
    server.emit('connection', socket);
  });
  return webSockets as Server;
}

const OF_THE_UPGRADE: ReadonlySet<string> = new Set(['upgrade', 'connection', 'http2-settings']);

function headWithoutUpgrade({ method, url, httpVersion, headers, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    if (!OF_THE_UPGRADE.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  if (/\bclose\b/i.test(headers.connection ?? '')) lines.push('Connection: close');
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
