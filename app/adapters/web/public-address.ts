import ipaddr from 'ipaddr.js';

/** All that is assigned to be reached from everywhere (RFC 4291, section 2.4; IANA's registry of IPv6 space). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is one that anybody on the Internet may have: not a private, shared (RFC 6598), loopback, link-local, multicast or
 * reserved one, nor an IPv6 address that stands for an IPv4 one. A cloud's metadata server, 169.254.169.254 or fd00:ec2::254, is none.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}
