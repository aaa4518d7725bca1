import {
  type ApiConstructor,
  type ApiType,
  createConfiguration,
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  type RequestContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';

/** The API server took a call and did not answer in time; what it did about it is not known. */
export class ApiServerSilent extends Error {
  override readonly name = 'ApiServerSilent';
  constructor(request: RequestContext, callMs: number, cause: unknown) {
    const { pathname } = new URL(request.getUrl());
    super(`The API server did not answer ${request.getHttpMethod()} ${pathname} within ${callMs} ms.`, { cause });
  }
}

/**
 * A client of the API server whose every call ends. The library's own waits for ever: one connection that is taken and never answered
 * would hold up all that its caller looks after.
 */
export function limitedClient<T extends ApiType>(config: KubeConfig, type: ApiConstructor<T>, callMs: number): T {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('There is no current cluster. Fix: kubectl config use-context NAME.');
  const http = new IsomorphicFetchHttpLibrary();
  const httpApi = wrapHttpLibrary({
    async send(request) {
      const limit = AbortSignal.timeout(callMs);
      request.setSignal(limit);
      try {
        return await http.send(request).toPromise();
      } catch (error) {
        throw limit.aborted ? new ApiServerSilent(request, callMs, error) : error;
      }
    },
  });
  const baseServer = new ServerConfiguration(cluster.server, {});
  return new type(createConfiguration({ baseServer, httpApi, authMethods: { default: config } }));
}
