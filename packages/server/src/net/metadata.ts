import { leadsInto, type Network, readNetwork } from './addresses.ts';

/**
 * Where clouds tell the machines that they run, and whoever can make one ask, what they are and which credentials they have. No
 * setting opens these. From the documentation of each cloud.
 */
const metadata: readonly (readonly [network: string, whose: string])[] = [
  // All of the link-local addresses of IPv4: nothing but a machine's own link is there, and most clouds use some of them:
  // 169.254.169.254 (EC2, Google, Azure, Oracle, DigitalOcean, Hetzner, OpenStack), 169.254.170.2 (ECS), 169.254.170.23 (EKS),
  // 169.254.42.42 (Scaleway), 169.254.0.23 (Tencent).
  ['169.254.0.0/16', 'link-local, metadata of most clouds'],
  ['fe80::a9fe:a9fe', 'OpenStack'],
  // fd00:ec2::254 (instances), fd00:ec2::23 (EKS).
  ['fd00:ec2::/32', 'Amazon EC2'],
  ['fd20:ce::254', 'Google, metadata.google.internal'],
  ['fd00:42::42', 'Scaleway'],
  ['100.100.100.200', 'Alibaba'],
  ['192.0.0.192', 'Oracle, first generation'],
  // A public address by its number, answered by the host below the machine.
  ['168.63.129.16', 'Azure, WireServer'],
];

/** Networks that are never reached, whatever the settings say. */
export const neverReached: readonly Network[] = metadata.map(([text]) => readNetwork(text) as Network);

/** Whether an address, in whatever wrapping, is one of those. */
export function isMetadata(address: string): boolean {
  return neverReached.some((network) => leadsInto(address, network));
}
