/**
 * On-demand list prices in US dollars, without taxes, reservations and free tiers. Change them here; everything that speaks of money
 * reads this table.
 */
export const PRICES_AS_OF = '2026-03-01';

export interface Price {
  readonly usd: number;
  readonly per: 'hour' | 'GiB-month' | 'GB';
  /** Where the figure can be read. */
  readonly source?: string;
  /** Nobody has compared it with the provider's own page: it stands as remembered. */
  readonly unverified?: true;
}

const remembered = (usd: number, per: Price['per'] = 'hour'): Price => ({ usd, per, unverified: true });
const read = (usd: number, per: Price['per'], source: string): Price => ({ usd, per, source });

const INFRACOST = "infracost's published outputs of public projects";

/** AWS by region; another region is taken at the prices of `eu-central-1`, and the result says so. */
export const PRICES = {
  'eu-central-1': {
    'm6i.large': remembered(0.115),
    'm6i.xlarge': remembered(0.23),
    'm6i.2xlarge': remembered(0.46),
    'm6i.4xlarge': remembered(0.92),
    'c6i.large': remembered(0.097),
    'c6i.xlarge': remembered(0.194),
    'c6i.2xlarge': remembered(0.388),
    'c6i.4xlarge': remembered(0.776),
    'r6i.large': remembered(0.152),
    'r6i.xlarge': remembered(0.304),
    'r6i.2xlarge': remembered(0.608),
    'kubernetes control plane': read(0.1, 'hour', INFRACOST),
    'block storage gp3': remembered(0.0952, 'GiB-month'),
    'load balancer': remembered(0.027),
    'nat gateway': remembered(0.052),
    'nat traffic': remembered(0.052, 'GB'),
    'managed redis, 2 x cache.r6g.large': remembered(0.494),
    'managed postgres, db.r6g.large in two zones': remembered(0.54),
    'managed postgres storage': remembered(0.274, 'GiB-month'),
    'managed rabbitmq, 3 x mq.m5.large': remembered(1.03),
    'object storage': remembered(0.0245, 'GiB-month'),
  },
  'us-east-1': {
    'm6i.large': remembered(0.096),
    'm6i.xlarge': remembered(0.192),
    'm6i.2xlarge': remembered(0.384),
    'm6i.4xlarge': remembered(0.768),
    'c6i.large': remembered(0.085),
    'c6i.xlarge': remembered(0.17),
    'c6i.2xlarge': remembered(0.34),
    'c6i.4xlarge': remembered(0.68),
    'r6i.large': remembered(0.126),
    'r6i.xlarge': remembered(0.252),
    'r6i.2xlarge': remembered(0.504),
    'kubernetes control plane': read(0.1, 'hour', INFRACOST),
    'block storage gp3': remembered(0.08, 'GiB-month'),
    'load balancer': remembered(0.0225),
    'nat gateway': read(0.045, 'hour', INFRACOST),
    'nat traffic': read(0.045, 'GB', INFRACOST),
    'managed redis, 2 x cache.r6g.large': remembered(0.412),
    'managed postgres, db.r6g.large in two zones': remembered(0.45),
    'managed postgres storage': remembered(0.23, 'GiB-month'),
    'managed rabbitmq, 3 x mq.m5.large': remembered(0.864),
    'object storage': remembered(0.023, 'GiB-month'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Price>>>>;

export type PriceItem = keyof (typeof PRICES)['eu-central-1'];
const OTHERWISE = 'eu-central-1';

/** The region whose prices are taken. */
export function priceRegion(region: string): keyof typeof PRICES {
  return region in PRICES ? (region as keyof typeof PRICES) : OTHERWISE;
}

/** @throws if the item has no price; the message names it */
export function priceOf(region: string, item: string): Price {
  const prices: Readonly<Record<string, Price>> = PRICES[priceRegion(region)];
  const price = prices[item];
  if (!price) throw new Error(`There is no price for "${item}" in sim/cost/prices.ts.`);
  return price;
}
