import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump } from 'js-yaml';
import type { SecretRef } from '../../constructs/index.js';
import { endWithRun } from '../support/end-with-run.js';
import { RELEASE_VARIABLE } from './pulumi-program/release-variable.js';

const PROGRAM = new URL('pulumi-program/index.ts', import.meta.url);
const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));
/** As Pulumi.yaml has them. */
const OPTIONS = { typescript: false, nodeargs: '--import tsx' };
/** What Pulumi looks for beside its project: its own package, what --import names, and packages that say which plugins to get. */
const FOUND = ['@pulumi/pulumi', '@pulumi/kubernetes', 'tsx'];

/** The real `pulumi`, in a temporary project with its state in a file beside it. */
export class PulumiCommand {
  /** Tag of the application's image in the environments of the program. */
  release = '1.0.0';
  readonly #folder = mkdtempSync(join(tmpdir(), 'armature-pulumi-'));

  /** @param kubeconfig path of one that has the context `test` */
  constructor(private readonly kubeconfig: string) {
    mkdirSync(join(this.#folder, 'state'));
    // `main` must be below the project's own folder.
    const files = {
      'Pulumi.yaml': dump({ name: 'armature', runtime: { name: 'nodejs', options: OPTIONS }, main: 'index.ts' }),
      'package.json': JSON.stringify({ type: 'module' }),
      'index.ts': `export * from '${PROGRAM.href}';\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.#folder, name), text);
    for (const name of FOUND) {
      const link = join(this.#folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(PACKAGES, name), link);
    }
  }

  /** Makes a stack and its configuration. The cluster has no nodes, so nothing is waited for. */
  async init(stack: string, secrets: readonly SecretRef[]): Promise<void> {
    await this.run('stack', 'init', stack);
    const plain = ['target=kubernetes', 'context=test', 'waitForReady=false'];
    const values = secrets.map(({ secret, key }) => `armature:secrets.${secret}.${key}=value-of-${secret}-${key}`);
    await this.run('config', 'set-all', ...plain.flatMap((pair) => ['--plaintext', `armature:${pair}`]));
    await this.run('config', 'set-all', '--path', ...values.flatMap((pair) => ['--secret', pair]));
  }

  /** @returns what it printed. @throws with all of it when it ends with another code than 0 */
  async run(...args: readonly string[]): Promise<string> {
    const child = spawn('pulumi', [...args, '--non-interactive'], {
      cwd: this.#folder,
      env: {
        ...process.env,
        [RELEASE_VARIABLE]: this.release,
        KUBECONFIG: this.kubeconfig,
        PULUMI_BACKEND_URL: `file://${join(this.#folder, 'state')}`,
        PULUMI_CONFIG_PASSPHRASE: 'a system test',
        PULUMI_SKIP_UPDATE_CHECK: 'true',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    endWithRun(child);
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (printed += text));
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new Error(`pulumi ${args.join(' ')} ended with ${code}:\n${printed}`);
    return printed;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
