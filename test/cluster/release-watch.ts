import {
  type CanaryReleaseStatus,
  canaryReleaseResource,
  canaryRouteName,
  type HttpRoute,
} from '../../contract/index.js';
import { eventually } from '../system/eventually.js';
import { kubectl } from './kubectl.js';

/** A service's release as the cluster has it, and every share of the traffic that its canary was seen to have. */
export class ReleaseWatch {
  /** In percent, each once after the other. */
  readonly shares: number[] = [];

  constructor(
    readonly namespace: string,
    readonly service: string,
    readonly canary: string,
  ) {}

  async status(): Promise<CanaryReleaseStatus> {
    const { plural, group } = canaryReleaseResource;
    return JSON.parse(await this.#get(`${plural}.${group}/${this.service}`)).status;
  }

  /** Looks at what the controller has written into the mesh's route. */
  async look(): Promise<string> {
    const { spec, metadata } = JSON.parse(await this.#get(`virtualservice/${canaryRouteName(this.service)}`));
    // Others before it are for requests with a certain header.
    const { route } = (spec.http as HttpRoute[]).at(-1) ?? {};
    const share = route?.find(({ destination }) => destination.subset === this.canary)?.weight ?? 0;
    if (this.shares.at(-1) !== share) this.shares.push(share);
    return metadata.resourceVersion;
  }

  /** Looks on until the release is promoted and has all of the traffic. */
  async untilPromoted(): Promise<void> {
    await eventually(async () => {
      await this.look();
      const { phase, percent, reason } = await this.status();
      return phase === 'Promoted' ? [] : [`${phase} at ${percent} %: ${reason}`];
    });
    await eventually(async () => {
      await this.look();
      return this.shares.at(-1) === 100 ? [] : ['the promoted release has not all traffic'];
    });
  }

  #get(object: string): Promise<string> {
    return kubectl(['get', object, '-n', this.namespace, '-o', 'json']);
  }
}
