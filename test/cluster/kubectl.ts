import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Runs kubectl on the cluster of KUBECONFIG. @throws what kubectl says when it fails */
export async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const child = spawn('kubectl', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [out, complaint, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${complaint.trim()}`);
  return out;
}

/** Objects of a kind, as the API server has them. */
export async function list<T>(namespace: string, kind: string, selector = ''): Promise<readonly T[]> {
  const answer = await kubectl(['get', kind, '-n', namespace, '-l', selector, '-o', 'json']);
  return JSON.parse(answer).items;
}

/** Puts objects there, or changes what is there to them. */
export const apply = (objects: readonly unknown[]) =>
  kubectl(
    ['apply', '--server-side', '--force-conflicts', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  );

/** Takes objects away and waits until they are gone. */
export const remove = (objects: readonly unknown[]) =>
  kubectl(
    ['delete', '--ignore-not-found', '--wait=true', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  );

/** What an autoscaler has to say for itself. */
export const autoscalerLine = (namespace: string, name: string) =>
  kubectl(['get', `hpa/${name}`, '-n', namespace, '--no-headers']);
