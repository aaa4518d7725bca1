import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openCanaryReleases } from './canary-release-access.js';

describe('a person who looks after releases is told what to mend', () => {
  const { KUBECONFIG } = process.env;
  let folder: string;
  let server: Server;
  let url: string;
  /** What stands for the API server says. */
  let answer: { readonly status: number; readonly text: string };

  const write = (text: string) => {
    const path = join(folder, 'config');
    writeFileSync(path, text);
    process.env.KUBECONFIG = path;
  };
  const configOf = (own: object = {}) =>
    write(
      JSON.stringify({
        clusters: [{ name: 'here', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'ada', user: { token: 'x' } }],
        contexts: [{ name: 'test', context: { cluster: 'here', user: 'ada', namespace: 'team' } }],
        'current-context': 'test',
        ...own,
      }),
    );
  const list = async () => openCanaryReleases().list();
  const said = (message: string) => JSON.stringify({ kind: 'Status', status: 'Failure', message });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'armature-kubeconfig-'));
    server = createServer((_, response) => {
      response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.text);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    configOf();
  });
  afterEach(() => {
    if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = KUBECONFIG;
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    [401, said('Unauthorized'), /^http:\S+ does not take the credentials of context test\. Fix: log in anew/],
    [
      403,
      said('canaryreleases.armature.dev is forbidden: User "ada" cannot list'),
      /^canaryreleases\S+ is forbidden: User "ada" cannot list\. Fix: a Role in team that allows get, list and patch/,
    ],
    [
      404,
      '404 page not found\n',
      /^The cluster of context test has no canaryreleases\S+\. Fix: kubectl apply -f the 00-f/,
    ],
    [503, '<html>out of order\n</html>', /^http:\S+ answered 503: <html>out of order\.$/],
  ])('when it is answered %i', async (status, text, message) => {
    answer = { status, text };
    await expect(list()).rejects.toThrow(message);
  });

  it('when nobody answers', async () => {
    server.close();
    await once(server, 'close');
    await expect(list()).rejects.toThrow(
      /^Nobody answers at http:\S+ \(context test\): .*ECONNREFUSED.*\. Fix: start that cluster/,
    );
  });

  it('when the kubeconfig is not there, is none, or names no cluster', async () => {
    configOf({ 'current-context': 'prod' });
    await expect(list()).rejects.toThrow(
      /no cluster for its current context "prod" \(contexts: test\)\. Fix: kubectl config use-/,
    );
    configOf({ clusters: [{ name: 'here', cluster: { server: url } }] });
    await expect(list()).rejects.toThrow(/is no https:\/\/ address.* Fix: the server's address in/);
    write('clusters: [');
    await expect(list()).rejects.toThrow(/^The kubeconfig \S+ cannot be read: .*\. Fix: have KUBECONFIG name/);
    process.env.KUBECONFIG = join(folder, 'nothing');
    await expect(list()).rejects.toThrow(/^The kubeconfig \S+nothing cannot be read: .*ENOENT.*Fix: have KUBECONFIG/);
  });
});
