import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertmanager } from '../../../contract/index.js';
import { find, type Manifest } from '../../support/cluster.js';
import { kitsArguments } from '../kits-arguments.js';
import { freePorts, Program } from '../program.js';

/** An Alertmanager on loopback with an environment's own configuration and arguments, but that alerts gather for a second only. */
export async function startAlertmanager(
  objects: readonly Manifest[],
  folder: string,
): Promise<{ readonly program: Program; readonly address: string }> {
  const { name } = alertmanager;
  const [port = 0] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const { data } = find(objects, 'ConfigMap', `${name}-configuration`);
  const text = (data as Record<string, string>)['alertmanager.yaml'] ?? '';
  const file = join(folder, 'alertmanager.yaml');
  writeFileSync(
    file,
    text
      .replaceAll('/var/run/secrets/armature', join(folder, 'secrets'))
      .replace(/(group_wait|group_interval): \w+/g, '$1: 1s'),
  );
  const own = { 'config.file': file, 'storage.path': join(folder, name), 'web.listen-address': address };
  const program = new Program(name, kitsArguments(objects, 'StatefulSet', name, own), folder);
  await program.until(async () => (await fetch(`http://${address}/-/ready`)).ok);
  return { program, address };
}
