/** The environment variables that netwire reads, and what each says. `exec` hands all of them to its command. */
import { homedir } from 'node:os';

export const VARIABLES = {
  DOCKER_HOST: "Docker's socket, as unix://PATH",
  DOCKER_CONTEXT: "the context of Docker's client, when DOCKER_HOST is not set",
  DOCKER_CONFIG: "where Docker's client keeps its contexts; default ~/.docker",
  CONTAINER_HOST: "a Podman service's socket, asked instead of Podman's files being read",
  CONTAINERD_ADDRESS: "containerd's socket",
  CONTAINER_RUNTIME_ENDPOINT: 'the socket of a Kubernetes container runtime interface',
  LXD_DIR: 'where LXD listens: DIR/unix.socket',
  INCUS_SOCKET: 'where Incus listens',
  INCUS_DIR: 'the same, as DIR/unix.socket',
  NETWIRE_LXCPATH: "where LXC's containers are, instead of what lxc.conf says; several by colons",
  SUDO_UID: "set by sudo: whose runc, crun, Podman and LXC containers are the caller's own",
  PKEXEC_UID: 'the same, set by pkexec',
  HOME: 'where the caller has the files of Docker, Podman and LXC',
  NO_COLOR: 'not empty: no colour',
  TERM: 'dumb: no colour',
  PATH: "searched for ip, nsenter and the like behind the system's own directories",
} as const;

/** @returns undefined when it is not set, or empty */
export function variable(name: keyof typeof VARIABLES): string | undefined {
  return process.env[name] || undefined;
}

/** HOME, or what the system has for this user. */
export function homeDirectory(): string {
  return homedir();
}
