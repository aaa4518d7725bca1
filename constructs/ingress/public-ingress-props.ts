import type { Endpoint, RequestPath } from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';
import type { IngressChoice } from './ingress-choice.js';

export interface PublicIngressProps {
  readonly platform: PlatformContext;
  /** The one service that is reached from outside. */
  readonly service: Endpoint;
  /** Path prefixes that are let through; nothing else is. */
  readonly paths: readonly string[];
  /** Those among them whose connections stay open. @default none */
  readonly webSocketPaths?: readonly string[];
  /** Any other request may take so long. */
  readonly timeoutMs: number;
  /** The path of those requests, into which `timeoutMs` must fit. @default unchecked */
  readonly requestPath?: RequestPath;
  readonly ingress: IngressChoice;
  /** Shorter than the service keeps an idle connection open, so that the entrance never sends into one that is being closed. Istio's gateways are told of it. */
  readonly idleTimeoutSeconds: number;
}
