import { BlockList } from 'node:net';
import { expect, test } from '@jest/globals';
import { subnetPlan, VPC_RANGE } from './subnet-plan.js';

const zones = ['a', 'b', 'c'];

function listOf(...cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    list.addSubnet(address, Number(bits));
  }
  return list;
}
const first = (cidr: string) => cidr.slice(0, cidr.indexOf('/'));

test.each(['10.0.0.0/16', '172.31.0.0/16', '192.168.0.0/16'])('subnets of %s are in it, and none in another', (vpc) => {
  const cidrs = subnetPlan(vpc, zones).flatMap((zone) => [zone.public, zone.nodes, zone.data]);
  expect(new Set(cidrs).size).toBe(9);
  for (const cidr of cidrs) {
    expect(listOf(vpc).check(first(cidr))).toBe(true);
    const others = listOf(...cidrs.filter((other) => other !== cidr));
    expect([cidr, others.check(first(cidr))]).toEqual([cidr, false]);
  }
});

test('a range that cannot be divided so is not taken', () => {
  const taken = ['10.0.0.0/16', '172.32.0.0/16', '10.0.0.0/20', '11.0.0.0/16'].filter((cidr) => VPC_RANGE.test(cidr));
  expect(taken).toEqual(['10.0.0.0/16']);
});
