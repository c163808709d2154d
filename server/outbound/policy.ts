import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which private places requests may go to; everything public may be reached. */
export interface OutboundPolicy {
  /** Addresses, CIDR ranges and host names beyond the public ones, e.g. 10.1.0.0/16 or ci.internal. */
  readonly allow: readonly string[];
}

/** Why a request is not sent. Its message says what to do. */
export class OutboundRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutboundRefusal';
  }
}

/** The address to connect to, so that what was checked is what is reached. */
export interface Destination {
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * Resolves a host and refuses what a server should not be talked into reaching: its own loopback, private
 * networks and the metadata services of clouds, unless they are allowed by name or address.
 * @throws OutboundRefusal when it is refused or has no address.
 */
export async function resolveAllowed(hostname: string, policy: OutboundPolicy): Promise<Destination> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const named = policy.allow.includes(host.toLowerCase());
  const addresses = isIP(host) ? [host] : await addressesOf(host);
  const chosen = addresses.find((address) => named || isPublic(address) || isListed(address, policy));
  const [first] = addresses;
  if (chosen) return { address: chosen, family: isIP(chosen) === 6 ? 6 : 4 };
  throw new OutboundRefusal(
    first
      ? `${hostname} is at ${first}, which is not a public address. List it in SIGNALBOX_OUTBOUND_ALLOW to allow it.`
      : `${hostname} has no address.`,
  );
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map((one) => one.address);
  } catch {
    throw new OutboundRefusal(`${host} has no address.`);
  }
}

function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}

function isListed(address: string, { allow }: OutboundPolicy): boolean {
  const parsed = ipaddr.process(address);
  return allow.some((entry) => {
    if (!entry.includes('/'))
      return ipaddr.isValid(entry) && ipaddr.process(entry).toString() === parsed.toString();
    if (!ipaddr.isValidCIDR(entry)) return false;
    const [network, bits] = ipaddr.parseCIDR(entry);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}
