/** The processes behind conversations with ip(8), and the small shells that become them. */

/** Its words. */
export const IP = ['ip', '-j', '-d', '-force', '-batch', '-'];

/**
 * Writes sysctls by the shell's own means, each answered on stderr in ip's manner, then becomes ip.
 * Input reaches it as data on its standard input, never as a line of shell.
 */
export const SYSCTL_THEN_IP = `while read -r mark path value; do
  [ "$mark" = ip ] && exec ${IP.join(' ')}
  [ "$mark" = end ] && exit
  printf '%s\\n' "$value" > "/proc/sys/$path"
  printf '"%s"\\n' "$mark" >&2
done`;

/** Two processes of one: its argument 0 in the namespace that a line on descriptor 3 names, and its other arguments. */
export const INSIDE_AND_HOST = `{ read -r path && exec nsenter --net="$path" sh -c "$0"; } <&3 >&4 2>&5 3<&- 4>&- 5>&- 6>&- &
exec "$@" 3<&- 4>&- 5>&-`;

/** Tells the rulesets of its argument 0's commands on descriptor 6, and becomes its other arguments. */
export const RULES_AND_HOST = `for command in $0; do "$command" -w -S; echo "$command $?"; done </dev/null >&6 2>&1
exec "$@" 6>&-`;
