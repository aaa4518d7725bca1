import { canaryRouteName, chat, type HttpRoute, NETWORKING_API } from '../../../contract/index.js';
import { at } from '../../support/cluster.js';
import type { ControlPlane } from '../control-plane.js';
import type { ReleasePods } from './release-pods.js';

/** What the mesh was told at one moment: shares by version, in percent. */
export type Shares = Readonly<Record<string, number>>;

/** Has pods get from now on what the controller's VirtualService gives them, and tells of every division. */
export function divideTraffic(
  server: ControlPlane,
  namespace: string,
  pods: ReleasePods,
  told: (shares: Shares) => void = () => undefined,
): void {
  server.watch(`/apis/${NETWORKING_API}/namespaces/${namespace}/virtualservices`, ({ type, object }) => {
    if (type === 'BOOKMARK' || object.metadata.name !== canaryRouteName(chat.name)) return;
    const http = at(object, 'spec.http') as readonly HttpRoute[];
    const { route: split = [], mirror, mirrorPercentage } = http.find((one) => one.name === 'split') ?? {};
    const shares = Object.fromEntries(split.map(({ destination, weight = 0 }) => [destination.subset ?? '', weight]));
    told(shares);
    pods.shares = new Map(Object.entries(shares).map(([version, percent]) => [version, percent / 100]));
    if (mirror?.subset && mirrorPercentage) pods.shares.set(mirror.subset, mirrorPercentage.value / 100);
  });
}
