import { ApiException } from '@kubernetes/client-node';
import { canaryReleaseResource } from '../../../contract/index.js';
import { ApiServerSilent } from './limited-client.js';

/** Where calls go. */
export interface ClusterPlace {
  readonly server: string;
  readonly context: string;
  readonly namespace: string;
}

/** What a person can mend about their cluster, their rights or their kubeconfig; says how. */
export class ClusterProblem extends Error {
  override readonly name = 'ClusterProblem';
}

const RELEASES = `${canaryReleaseResource.plural}.${canaryReleaseResource.group}`;
/** By Node's codes. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
  ...['ENOTFOUND', 'EAI_AGAIN'],
]);
const OTHER_CONTEXT = 'kubectl config use-context NAME';

/** @throws {ClusterProblem} for a call that failed by something that a person can mend */
export async function tellingProblems<T>(place: ClusterPlace, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const problem = problemOf(error, place);
    throw problem === undefined ? error : new ClusterProblem(problem, { cause: error });
  }
}

function problemOf(error: unknown, place: ClusterPlace): string | undefined {
  const { server, context } = place;
  if (error instanceof ApiException) return refusalOf(error, place);
  if (error instanceof ApiServerSilent)
    return `${error.message} Fix: see whether ${server} (context ${context}) is well.`;
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  if (code === undefined) return undefined;
  if (UNREACHABLE.has(code)) {
    return `Nobody answers at ${server} (context ${context}): ${message}. Fix: start that cluster, or take another: ${OTHER_CONTEXT}.`;
  }
  if (/CERT|SIGNED|TLS|SSL|EPROTO|ISSUER/.test(code)) {
    return `The certificate of ${server} (context ${context}) is not trusted: ${message}. Fix: certificate-authority-data of the kubeconfig's cluster.`;
  }
  return undefined;
}

function refusalOf({ code, body }: ApiException<unknown>, { server, context, namespace }: ClusterPlace): string {
  const said = saidIn(body);
  switch (code) {
    case 401:
      return `${server} does not take the credentials of context ${context}. Fix: log in anew, or take another context: ${OTHER_CONTEXT}.`;
    case 403:
      return `${said}. Fix: a Role in ${namespace} that allows get, list and patch of ${RELEASES}.`;
    case 404:
      return `The cluster of context ${context} has no ${RELEASES}. Fix: kubectl apply -f the 00-foundation file of an environment with a canary, or take another context: ${OTHER_CONTEXT}.`;
    default:
      return `${server} answered ${code}: ${said}.`;
  }
}

/** The message of a Kubernetes Status, which comes as its text. */
function saidIn(body: unknown): string {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : text;
  } catch {
    // Something before the API server answered, in its own words.
    return text.split('\n')[0] ?? '';
  }
}
