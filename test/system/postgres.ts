import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { selfSigned } from './certificate.js';
import { freePorts, Program } from './program.js';
import { tool } from './tools.js';

/** A PostgreSQL server for one test run. */
export interface PostgresServer {
  readonly url: string;
  readonly password: string;
  /** Of a certificate for `localhost` that vouches for itself: what verifies the server over TLS. */
  readonly ca: string;
  readonly program: Program;
}

const USER = 'armature';
const READY_WITHIN_MS = 60_000;

/** Starts the distribution's PostgreSQL on a free port of loopback, on data that is made for it below `folder`. */
export async function startPostgres(folder: string): Promise<PostgresServer> {
  const [port = 0] = await freePorts(1);
  const home = join(folder, 'postgres');
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  const password = 'p@ss/word %1';
  const owner = unprivileged();
  mkdirSync(home, { recursive: true });
  chmodSync(folder, 0o711); // another user passes through it
  writeFileSync(passwordFile, password);
  for (const path of [home, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const made = spawnSync(
    realpathSync(tool('initdb')),
    [`--pgdata=${data}`, `--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', ...LANGUAGE],
    { encoding: 'utf8', cwd: home, ...owner },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  const { certFile, keyFile, pem } = selfSigned(home, 'server', ['localhost']);
  for (const path of [certFile, keyFile]) chownSync(path, owner.uid, owner.gid);
  const tls = { ssl: 'on', ssl_cert_file: certFile, ssl_key_file: keyFile };
  const settings = { ...tls, listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off' };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const program = new Program('postgres', args, home, {}, { command: realpathSync(tool('postgres')), ...owner });
  const url = `postgres://${USER}@127.0.0.1:${port}/postgres`;
  await program.until(() => answers(url, password), READY_WITHIN_MS);
  return { url, password, ca: pem, program };
}

/** An order of words that is not that of their bytes: ours must not depend on the database's. */
const LANGUAGE = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync'];

/** The server refuses to run as root. That other user must reach the programs: a link from root's home does not, what it names may. */
function unprivileged(): { readonly uid: number; readonly gid: number } {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  return uid === 0 ? { uid: 65_534, gid: 65_534 } : { uid, gid };
}

async function answers(url: string, password: string): Promise<boolean> {
  const { hostname: host, port, username: user, pathname } = new URL(url);
  const client = new pg.Client({ host, port: Number(port), user, password, database: pathname.slice(1) });
  await client.connect();
  await client.end();
  return true;
}
