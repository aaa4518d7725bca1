import { requestPath } from 'armature/contract';

/** Every station waits for the next a little longer than that takes. */
export const path = requestPath({ clientMs: 40_000, hopMs: 2_000, serviceCallMs: 10_000 });

/** What a route inside takes of it. */
export const route = { timeoutMs: path.routeMs, requestPath: path, idleTimeoutSeconds: 60 };
