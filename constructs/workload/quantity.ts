import { k8s } from 'cdk8s-plus-28';
import * as z from 'zod';

/** No node that is common has more. */
const MOST_CORES = 192;

const cpuText = z
  .string()
  .regex(/^[1-9]\d*m?$/, { error: 'must be CPU in cores or thousandths, such as 2 or 500m', abort: true });

/** CPU of all pods together, in cores or thousandths of a core: `400`, `500m`. */
export const totalCpuQuantity = cpuText.transform((text) => text as CpuQuantity);

/** CPU of one container or node, in cores or thousandths of a core: `2`, `500m`. */
export const cpuQuantity = cpuText
  .refine((text) => millicoresOf(text) <= MOST_CORES * 1000, {
    error: `must be at most ${MOST_CORES} cores; was it meant in thousandths, such as 500m?`,
  })
  .transform((text) => text as CpuQuantity);
export type CpuQuantity = `${number}` | `${number}m`;

/** Memory or storage in binary units: `512Mi`, `10Gi`. */
export const byteQuantity = z
  .string()
  .regex(/^[1-9]\d*(Mi|Gi|Ti)$/, {
    error: 'must be memory or storage in binary units, such as 512Mi or 10Gi',
    abort: true,
  })
  .transform((text) => text as ByteQuantity);
export type ByteQuantity = `${number}${'Mi' | 'Gi' | 'Ti'}`;

const ABOVE_LIMIT = 'must not request more than its limit: raise limit or lower request';

/** What one container asks for and may use at most. */
export const resources = z.strictObject({
  cpu: z
    .strictObject({ request: cpuQuantity, limit: cpuQuantity })
    .refine(({ request, limit }) => millicoresOf(request) <= millicoresOf(limit), ABOVE_LIMIT),
  memory: z
    .strictObject({ request: byteQuantity, limit: byteQuantity })
    .refine(({ request, limit }) => bytesOf(request) <= bytesOf(limit), ABOVE_LIMIT),
  /** Request and limit alike: a pod over it is evicted, so a lower request would only hide that. */
  ephemeralStorage: byteQuantity,
});
export interface Resources {
  readonly cpu: { readonly request: CpuQuantity; readonly limit: CpuQuantity };
  readonly memory: { readonly request: ByteQuantity; readonly limit: ByteQuantity };
  readonly ephemeralStorage: ByteQuantity;
}

export function resourceRequirements({ cpu, memory, ephemeralStorage }: Resources): k8s.ResourceRequirements {
  const side = (which: 'request' | 'limit') => ({
    cpu: k8s.Quantity.fromString(cpu[which]),
    memory: k8s.Quantity.fromString(memory[which]),
    'ephemeral-storage': k8s.Quantity.fromString(ephemeralStorage),
  });
  return { requests: side('request'), limits: side('limit') };
}

const BYTES = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
} as const;

/** Bytes of a quantity, in whatever unit a manifest has it. @throws if it is none. */
export function bytesOf(quantity: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([KMGT]i|[kMGT]?)$/.exec(quantity) ?? [];
  if (unit === undefined) throw new Error(`"${quantity}" is no quantity of bytes, such as 512Mi or 10Gi.`);
  return Number(number) * BYTES[unit as keyof typeof BYTES];
}

/** Thousandths of a core of a CPU quantity. */
export function millicoresOf(quantity: string): number {
  const value = quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
  if (Number.isNaN(value)) throw new Error(`CPU "${quantity}" is not in cores or thousandths, such as 2 or 500m.`);
  return value;
}

/** CPU in whole cores, rounded up. */
export function coresText(millicores: number): string {
  return String(Math.ceil(millicores / 1000));
}

/** Memory or storage in whole gibibytes, rounded up. */
export function gibibytesText(bytes: number): string {
  return `${Math.ceil(bytes / BYTES.Gi)}Gi`;
}

/** A number as Kubernetes writes quantities: `10`, and `0.5` as `500m`. */
export function decimalQuantity(value: number): k8s.Quantity {
  return k8s.Quantity.fromString(Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`);
}
