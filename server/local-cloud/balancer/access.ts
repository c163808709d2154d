import { BlockList, isIP, isIPv6 } from 'node:net';
import type { FirewallRecord } from '@/server/local-cloud/state';

const CIDR = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/;

/** Whether `source` is an address or a CIDR block that can be enforced. */
export function isCidr(source: string): boolean {
  const match = CIDR.exec(source);
  if (!match?.[1] || isIP(match[1]) === 0) return false;
  return match[2] === undefined || Number(match[2]) <= (isIPv6(match[1]) ? 128 : 32);
}

/** Who may reach a load balancer's port. */
export class AccessList {
  readonly #allowed = new BlockList();

  /**
   * @param firewalls those of the load balancer's application and region. Without any, only this
   * machine gets in; with some, exactly what their TCP rules for this port allow.
   */
  constructor(firewalls: readonly FirewallRecord[], port: number) {
    if (firewalls.length === 0) {
      this.#allow('127.0.0.0/8');
      this.#allow('::1');
    }
    for (const rule of firewalls.flatMap((firewall) => firewall.rules)) {
      if (rule.protocol === 'tcp' && rule.fromPort <= port && port <= rule.toPort) this.#allow(rule.source);
    }
  }

  admits(address: string | undefined): boolean {
    if (address === undefined) return false;
    // A dual-stack socket reports IPv4 clients in IPv6 notation.
    const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
    return this.#allowed.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }

  #allow(source: string): void {
    const match = CIDR.exec(source);
    if (!match?.[1]) return;
    const family = isIPv6(match[1]) ? 'ipv6' : 'ipv4';
    if (match[2] === undefined) this.#allowed.addAddress(match[1], family);
    else this.#allowed.addSubnet(match[1], Number(match[2]), family);
  }
}
