/** Address families, and the programs that speak their DHCP. */

export type Family = 'inet' | 'inet6';

/** Programs that can get a lease. */
export const DHCP_CLIENTS = ['udhcpc', 'dhcpcd', 'dhclient'] as const;

export type DhcpClient = (typeof DHCP_CLIENTS)[number];

/** Those that speak a family's DHCP, the one that is taken first at the front. */
export const CLIENTS_OF: Record<Family, readonly DhcpClient[]> = {
  inet: DHCP_CLIENTS,
  inet6: ['dhclient', 'dhcpcd'],
};
