/** Numbers that the kernel and the RFCs set. */

/** IFNAMSIZ without its NUL (include/uapi/linux/if.h). */
export const IFNAME_BYTES = 15;

/** The kernel's MTU for Ethernet (ETH_DATA_LEN, include/uapi/linux/if_ether.h). */
export const ETHERNET_MTU = 1500;

/** RFC 8200 section 5; below it the kernel switches IPv6 off on the link (IPV6_MIN_MTU). */
export const IPV6_MIN_MTU = 1280;
