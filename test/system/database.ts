import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, Program } from './program.js';
import { tool } from './tools.js';

/** A PostgreSQL server for one test run, asked by psql. */
export class Database {
  private constructor(
    readonly port: number,
    readonly program: Program,
    private readonly user: string,
    private readonly password: string,
  ) {}

  /** On data that is made for it below `folder`; with one user, and a database of the same name. */
  static async start(folder: string, user: string, password: string): Promise<Database> {
    const [port = 0] = await freePorts(1);
    const home = join(folder, 'database');
    const passwordFile = join(home, 'password');
    mkdirSync(home);
    writeFileSync(passwordFile, password);
    // The server refuses to run as root, and its user must reach its data.
    const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    if (owner.uid !== undefined) {
      chmodSync(folder, 0o711);
      for (const path of [home, passwordFile]) chownSync(path, owner.uid, owner.gid);
    }
    const data = join(home, 'data');
    const made = spawnSync(
      realpathSync(tool('initdb')),
      [
        `--pgdata=${data}`,
        `--username=${user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--no-sync',
        '--encoding=UTF8',
      ],
      { encoding: 'utf8', cwd: home, ...owner },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off' };
    const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const program = new Program('postgres', args, home, {}, { command: realpathSync(tool('postgres')), ...owner });
    const database = new Database(port, program, user, password);
    await program.until(async () => database.ask('SELECT 1', 'postgres') === '1');
    database.ask(`CREATE DATABASE ${user}`, 'postgres');
    return database;
  }

  /** @returns the rows of a statement, one a line, without headers. @throws with the server's error */
  ask(sql: string, database = this.user): string {
    const { status, stdout, stderr } = spawnSync(tool('psql'), ['-qAtX', '--set=ON_ERROR_STOP=1', '--command', sql], {
      encoding: 'utf8',
      env: {
        ...process.env,
        PGHOST: '127.0.0.1',
        PGPORT: String(this.port),
        PGUSER: this.user,
        PGPASSWORD: this.password,
        PGDATABASE: database,
      },
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }
}
