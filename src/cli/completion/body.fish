# Nothing is started but what lists containers, for a second at most. The names of links and containers are other
# people's text: they are compared and offered, and those with unusual characters are left out.

# What stands before the cursor: the verb, how many words of its own, an option that waits for its value.
function __netwire_complete
    set -l words (commandline -opc)
    set -l cur (string replace -r '^["\']' '' -- (commandline -ct))
    set -l verb ''
    set -l kind ''
    set -l option ''
    set -l ended ''
    set -l place 0
    set -l command 0
    set -l last (math (count $words) + 1)
    for i in (seq 2 (count $words))
        set -l word $words[$i]
        if test -n "$option"
            set option ''
        else if test -z "$ended"; and test "$word" = --
            set ended 1
        else if test -z "$ended"; and string match -q -- '-?*' $word
            contains -- $word (__netwire_table valued); and set option $word
        else if test -z "$verb"; and contains -- $word (__netwire_table verbs)
            set verb $word
        else
            test -n "$verb"; or set verb add
            set -l runs (__netwire_table command $verb)
            if test "$runs" = behind-options -a $place = 1
                set command $i
                break
            end
            if test $place = 0
                set kind (string match -r '^[^:]*:' -- $word)
            end
            set place (math $place + 1)
            if test "$runs" = at-once
                return
            end
        end
    end
    test -n "$verb"; or set -l first 1
    set -q first; and set verb add
    set -l runs (__netwire_table command $verb)
    if test $command = 0 -a $place = 1 -a -z "$option" -a "$runs" = behind-options
        if test -n "$ended"; or not string match -q -- '-*' $cur
            set command $last
        end
    end
    if test $command != 0
        set -l before
        test $command -lt $last; and set before (string escape -- $words[$command..-1])
        complete -C (string join ' ' -- $before (commandline -ct))
    else if test -n "$option"
        __netwire_value '' $cur $option $kind
    else if test -z "$ended"; and string match -qr -- '^--.*=' $cur
        set -l parts (string split -m 1 = -- $cur)
        __netwire_value $parts[1]= $parts[2] $parts[1] $kind
    else if test -z "$ended"; and string match -q -- '-*' $cur
        __netwire_table options $verb
    else
        set -q first; and __netwire_table topics
        set -l offers (__netwire_table words $verb)
        set place (math $place + 1)
        test $place -le (count $offers); and __netwire_offer '' $cur $offers[$place]
    end
end

# $argv: what stands before it in its word, it, the option, the kind of PARENT
function __netwire_value
    set -l values (__netwire_table value $argv[3..-1])
    test -n "$values"; or set values (__netwire_table value $argv[3])
    __netwire_offer $argv[1] $argv[2] $values
end

# $argv: what stands before the place in its word, what was typed of it, and what it takes
function __netwire_offer
    set -l base $argv[1]
    set -l cur $argv[2]
    for one in $argv[3..-1]
        switch $one
            case '<parent>'
                __netwire_parents $base $cur
            case '<container>'
                __netwire_containers $base $cur
            case '<link>'
                __netwire_links $base $cur
            case '<address>'
                set -l before (string match -r '^.*,' -- $cur)
                set -q before[1]; or __netwire_offer $base $cur '<no-address>'
                __netwire_offer $base"$before" $cur '<addresses>'
            case '<file>'
                string join \n -- $base(complete -C "'' "(string escape -- $cur))
            case '<*>'
                string join \n -- $base(__netwire_table (string trim -c '<>' -- $one))
            case '*'
                string join \n -- $base$one
        end
    end
end

function __netwire_parents
    for one in (__netwire_table cables)
        if string match -q -- "$one*" $argv[2]
            __netwire_containers $argv[1]$one (string replace -- $one '' $argv[2])
            return
        end
    end
    for one in (__netwire_table kinds)
        if string match -q -- "$one*" $argv[2]
            __netwire_links $argv[1]$one (string replace -- $one '' $argv[2]) (__netwire_table parents $one)
            return
        end
    end
    string replace -r '$' \tkind -- $argv[1](__netwire_table kinds; __netwire_table cables)
    __netwire_links $argv
end

# Links of the host, by name, MAC or PCI address. $argv[3]: what they have below /sys/class/net/NAME
function __netwire_links
    set -l names
    set -l addresses
    for path in /sys/class/net/*/
        set path (string trim -r -c / -- $path)
        set -l name (string replace -r '.*/' '' -- $path)
        # A virtual port of a bridge is a container's or a VM's.
        test $name != lo; and test -e "$path/$argv[3]"; or continue
        test -e $path/device; or not test -e $path/brport; or continue
        set -a names $name
        string match -q -- 'mac:*' $argv[2]; or continue
        read -l address <$path/address; and string match -qr '[1-9a-f]' -- $address; and set -a addresses mac:$address
    end
    string replace -r '$' \tlink -- $argv[1](__netwire_names $names) $argv[1]$addresses
    string match -q -- '*:*' $argv[2]; or __netwire_offer $argv[1] $argv[2] '<selectors>'
    string match -q -- 'pci:*' $argv[2]; or return
    for path in /sys/bus/pci/devices/*/net
        printf '%spci:%s\tlink\n' $argv[1] (string replace -r '.*/([^/]*)/net$' '$1' -- $path)
    end
end

function __netwire_containers
    set -l names
    for runtime in (__netwire_table runtimes)
        string match -q -- "$runtime*" $argv[2]; or continue
        set -l rest (string replace -- $runtime '' $argv[2])
        if string match -q -- '/*' $rest
            __netwire_offer $argv[1]$runtime $rest '<file>'
        else
            set names (__netwire_names (__netwire_running $runtime))
            string replace -r '$' \tcontainer -- $argv[1]$runtime$names
        end
        return
    end
    if string match -q -- '/*' $argv[2]
        __netwire_offer $argv[1] $argv[2] '<file>'
        return
    end
    for runtime in (__netwire_table runtimes)
        set -a names (__netwire_running $runtime)
    end
    set names (__netwire_names (string match -v -- '*/*' $names))
    string replace -r '$' \tcontainer -- $argv[1]$names
    string replace -r '$' \truntime -- $argv[1](__netwire_table runtimes)
    test -n "$argv[1]"; or __netwire_table host
end

# Prints what a runtime has.
function __netwire_running
    for pattern in (__netwire_table files $argv[1]; __netwire_table sockets $argv[1])
        set -l parts (string split '*' -- $pattern)
        set -l found
        if string match -q -- '@*' $pattern
            set found (string replace -r '.* ' '' </proc/net/unix)
        else
            set found $parts[1]*
            # A scope and a name.
            test (count $parts) = 3; and set found $parts[1]*/*
        end
        for one in $found
            string match -q -- "$parts[1]*$parts[-1]" $one; or continue
            string replace -- $parts[1] '' $one | string replace -r -- (string escape --style=regex -- $parts[-1])'$' ''
        end
    end
    # Does what lists them ask this machine?
    set -l address (__netwire_table address $argv[1])
    if set -q address[1]; and test -n "$$address"
        string match -qr '^(/|unix:)' -- $$address; or return
    end
    set -l names (__netwire_table names $argv[1])
    if set -q names[1]; and type -fq timeout; and type -fq $names[1]
        # Docker's links: "NAME,OTHER/ALIAS".
        command timeout -k 1 1 $names 2>/dev/null </dev/null | string replace -r ',.*' ''
    end
end

# Leaves out what nobody should have to type.
function __netwire_names
    string match -r '^[\w.@+][\w.@+/-]*$' -- $argv
end

complete -c netwire -f -a '(__netwire_complete)'
