/** What a sequence of commands should lead to: containers, their interfaces, the order of their default routes. */

export const SLOTS = ['a', 'b', 'c'] as const;
export type Slot = (typeof SLOTS)[number];

export interface Interface {
  /** `br1`, `macvlan:lan0`, or `veth:SLOT`. */
  readonly parent: string;
  readonly addresses: readonly string[];
  readonly gateway: string | null;
  /** Of a cable. */
  readonly peer: { readonly ifname: string; readonly addresses: readonly string[] } | null;
}

/** An interface, and what somebody did to it by hand. */
interface Present extends Interface {
  isDamaged: boolean;
  /** Its default route is gone. */
  isRouteGone: boolean;
  /** Only another link can mend it. */
  isUnplugged: boolean;
}

export interface Add {
  readonly verb: 'add';
  readonly slot: Slot;
  readonly ifname: string;
  readonly wanted: Interface;
  readonly replace: boolean;
}

export interface Del {
  readonly verb: 'del';
  readonly slot: Slot;
  /** Null: all. */
  readonly ifname: string | null;
}

interface Container {
  alive: boolean;
  interfaces: Map<string, Present>;
  /** Interfaces by which a default route leaves, the first first; `eth0` is the container's own. */
  defaults: string[];
}

export class Model {
  containers: Record<Slot, Container> = { a: fresh(), b: fresh(), c: fresh() };

  clone(): Model {
    const copy = new Model();
    copy.containers = structuredClone(this.containers);
    return copy;
  }

  /** @returns whether it succeeds; null when either is right */
  apply(command: Add | Del): boolean | null {
    return command.verb === 'add' ? this.add(command) : this.del(command);
  }

  private add({ slot, ifname, wanted, replace }: Add): boolean | null {
    const container = this.containers[slot];
    if (!container.alive) return false;
    const far = farEnd(wanted, slot);
    if (far && !this.containers[far.slot].alive) return false;
    const there = container.interfaces.get(ifname);
    if (there) {
      const old = farEnd(there, slot);
      const other = old && this.containers[old.slot].interfaces.get(old.ifname);
      // What is asked for gives the other end no gateway.
      const isSame = JSON.stringify(shape(there)) === JSON.stringify(shape(wanted)) && !other?.gateway;
      if (isSame && !there.isDamaged && !other?.isDamaged) return true;
      // What was damaged may still be as asked.
      if (!replace) return isSame ? null : false;
    }
    if (far) {
      const taken = this.containers[far.slot].interfaces.get(far.ifname);
      const isOwn = there !== undefined && farEnd(there, slot)?.slot === far.slot && there.peer?.ifname === far.ifname;
      if (taken && !isOwn) return false;
    }
    if (this.holders(slot, wanted.addresses).some((one) => one !== ifname)) return false;
    if (far && this.holders(far.slot, wanted.peer?.addresses ?? []).some((one) => one !== far.ifname)) return false;
    const isAnother =
      !there || there.isUnplugged || there.parent !== wanted.parent || there.peer?.ifname !== wanted.peer?.ifname;
    const keepsPlace = !isAnother && there.gateway !== null && wanted.gateway !== null && !there.isRouteGone;
    if (isAnother) this.remove(slot, ifname);
    const present = { ...wanted, isDamaged: false, isRouteGone: false, isUnplugged: false };
    container.interfaces.set(ifname, present);
    if (!keepsPlace) {
      container.defaults = container.defaults.filter((one) => one !== ifname);
      if (wanted.gateway !== null) container.defaults.unshift(ifname);
    }
    if (far && wanted.peer) {
      const { defaults } = this.containers[far.slot];
      this.containers[far.slot].defaults = defaults.filter((one) => one !== far.ifname);
      this.containers[far.slot].interfaces.set(far.ifname, {
        parent: `veth:${slot}`,
        addresses: wanted.peer.addresses,
        gateway: null,
        peer: { ifname, addresses: wanted.addresses },
        isDamaged: false,
        isRouteGone: false,
        isUnplugged: false,
      });
    }
    return true;
  }

  /** Interfaces of a container that have one of these addresses. */
  holders(slot: Slot, addresses: readonly string[]): string[] {
    const wanted = addresses.map(hostOf);
    return [...this.containers[slot].interfaces].flatMap(([ifname, one]) =>
      one.addresses.some((address) => wanted.includes(hostOf(address))) ? [ifname] : [],
    );
  }

  private del({ slot, ifname }: Del): boolean {
    const { interfaces } = this.containers[slot];
    for (const name of ifname === null ? [...interfaces.keys()] : [ifname]) this.remove(slot, name);
    return true;
  }

  /** An interface goes, and a cable's other end with it. */
  remove(slot: Slot, ifname: string): void {
    const container = this.containers[slot];
    const there = container.interfaces.get(ifname);
    if (!there) return;
    container.interfaces.delete(ifname);
    container.defaults = container.defaults.filter((one) => one !== ifname);
    const far = farEnd(there, slot);
    if (far) this.remove(far.slot, far.ifname);
  }

  die(slot: Slot): void {
    for (const ifname of [...this.containers[slot].interfaces.keys()]) this.remove(slot, ifname);
    this.containers[slot] = { ...fresh(), alive: false };
  }

  restart(slot: Slot): void {
    this.containers[slot] = fresh();
  }

  /** Bridges that have a port. */
  bridges(): string[] {
    const parents = SLOTS.flatMap((slot) =>
      [...this.containers[slot].interfaces.values()].flatMap(({ parent, isUnplugged }) =>
        parent.startsWith('br') && !isUnplugged ? [parent] : [],
      ),
    );
    return [...new Set(parents)].sort();
  }
}

function fresh(): Container {
  return { alive: true, interfaces: new Map(), defaults: ['eth0'] };
}

function farEnd({ parent, peer }: Interface, slot: Slot): { slot: Slot; ifname: string } | null {
  const far = SLOTS.find((one) => parent === `veth:${one}`);
  return far && peer && far !== slot ? { slot: far, ifname: peer.ifname } : null;
}

/** What tells one interface from another, whatever the order. */
export function shape({ parent, addresses, gateway, peer }: Interface) {
  const far = peer && { ifname: peer.ifname, addresses: [...peer.addresses].sort() };
  return { parent, addresses: [...addresses].sort(), gateway, far };
}

/** Without its prefix length. */
function hostOf(address: string): string {
  return address.replace(/\/.*/, '');
}
