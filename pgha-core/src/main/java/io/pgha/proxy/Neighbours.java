package io.pgha.proxy;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.host.Script;
import io.pgha.model.Vip;
import java.util.List;
import java.util.stream.Collectors;

/** Asks a machine's networks who holds an address, with nothing but iproute2 and bash: the hosts have no arping. */
final class Neighbours {
    private Neighbours() {}

    /**
     * Makes the kernel ask who has each address, and prints {@code ip neigh}'s lines about them; one that a machine
     * holds has {@code lladdr}. Waits as long as a question is open, at most 1.5 s.
     */
    static String ask(List<Vip> vips) {
        return Script.of("""
            {{questions}}
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
              sleep 0.1
              answer=$(for vip in {{vips}}; do ip neigh show to "$vip"; done)
              case $answer in *INCOMPLETE*) ;; *) break ;; esac
            done
            echo "$answer"
            """)
                .part("questions", vips.stream().map(Neighbours::question).collect(Collectors.joining("\n")))
                .words("vips", vips.stream().map(Vip::address).toList())
                .render();
    }

    /** A datagram to the discard port goes where the routes lead, which is no named interface. */
    private static String question(Vip vip) {
        String address = quote(vip.address());
        return "ip neigh flush to " + address + "; "
                + vip.networkInterface()
                        .map(name -> "ip neigh replace " + address + " dev " + quote(name) + " use")
                        .orElse("bash -c 'echo >\"/dev/udp/$1/9\"' ask " + address);
    }
}
