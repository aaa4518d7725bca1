import { type CanaryReleaseSpec, canaryPolicy, canaryReleaseSpec, chat, requestBudget } from '../../contract/index.js';

/** The releases of the chat service, where no resource asks for any. */
export const chatReleases: CanaryReleaseSpec = canaryReleaseSpec.parse({
  service: chat.name,
  port: chat.port,
  timeoutMs: requestBudget.routeMs,
  slots: [canaryPolicy.stableVersion, canaryPolicy.canaryVersion].map((version, i) => ({
    version,
    deployment: i === 0 ? chat.name : `${chat.name}-${version}`,
  })),
});
