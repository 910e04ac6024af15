package io.pgha.proxy;

import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.Vip;
import java.util.List;

/** Asks HAProxies whether they know a leader, with nothing but bash: the hosts have no curl. */
final class Health {
    private static final String ASK = "exec 3<>\"/dev/tcp/$1/$2\" && printf \"GET /health HTTP/1.0\\r\\n\\r\\n\" >&3"
            + " && read -r version status rest <&3 && echo \"$status\"";

    private Health() {}

    /** Ends with status 0 when the HAProxy of this machine knows a leader, and says otherwise why not. */
    static String ofThisMachine(ClusterConfig config) {
        return Script.of("""
            case $(timeout 3 bash -c {{ask}} ask 127.0.0.1 {{port}} 2>/dev/null) in
              200) ;;
              503) echo 'HAProxy finds no PostgreSQL node, or more than one, that calls itself the leader'; false ;;
              *) echo 'HAProxy does not answer on 127.0.0.1:{{port}}'; false ;;
            esac\
            """)
                .value("ask", ASK)
                .value("port", config.haproxy().statsPort())
                .render();
    }

    /**
     * Ends with status 0 when the virtual IP leads to a HAProxy that knows a leader and takes connections for it. A
     * machine without keepalived's file is not worth the wait for an address that cannot answer.
     */
    static String of(Vip vip, ClusterConfig config) {
        return proof(vip, config, "", "");
    }

    /**
     * The same on a machine in none of the virtual IP's subnets: another machine that holds the address need not be
     * reached by the router, if there is one; that it answers on the wire is enough, for the holder asks the rest.
     */
    static String ofForeign(Vip vip, String networkInterface, ClusterConfig config) {
        return proof(
                vip,
                config,
                Script.of("""
                    elif [ -z "$(ip -o addr show to {{vip}})" ] && { {{ask}}
                    } | grep -q lladdr; then
                      :
                    """)
                        .value("vip", vip.address())
                        .part("ask", Neighbours.ask(List.of(vip)))
                        .render(),
                Script.of("; echo 'nor does a machine answer for it on' {{device}}; echo 'the way to it from here:'"
                                + " \"$(ip -o route get {{vip}} 2>&1)\"")
                        .value("device", networkInterface)
                        .value("vip", vip.address())
                        .render());
    }

    private static String proof(Vip vip, ClusterConfig config, String elsewhere, String further) {
        return Script.of("""
            if [ ! -s {{config}} ]; then
              echo 'keepalived has no configuration yet'; false
            {{elsewhere}}\
            elif ! timeout 3 bash -c 'exec 3<>"/dev/tcp/$1/$2"' connect {{vip}} {{write}} 2>/dev/null; then
              echo 'nothing accepts connections at' {{vip}} port {{write}}{{further}}; false
            elif [ "$(timeout 3 bash -c {{ask}} ask {{vip}} {{port}} 2>/dev/null)" != 200 ]; then
              echo 'the HAProxy at' {{vip}} 'knows no leader'; false
            fi\
            """)
                .value("ask", ASK)
                .part("elsewhere", elsewhere)
                .part("further", further)
                .value("config", KeepalivedFile.PATH)
                .value("vip", vip.address())
                .value("write", config.haproxy().readWritePort())
                .value("port", config.haproxy().statsPort())
                .render();
    }

    /**
     * Returns the program with which keepalived decides whether a node may hold the virtual IPs: not when HAProxy is
     * dead; not when it knows no leader while another node's HAProxy does. With no leader anywhere the virtual IPs stay
     * where they are. It runs every other second on every HAProxy node, so as long as all is well it starts no further
     * process.
     */
    static String script(ClusterConfig config, Node node) {
        List<String> peers = config.haproxyNodes().stream()
                .filter(other -> !other.equals(node))
                .map(Node::address)
                .toList();
        return Script.of("""
            #!/bin/bash
            # Written by pgha. Ends with status 0 when this node may hold the virtual IPs.
            status=
            { exec 3<>/dev/tcp/127.0.0.1/{{port}} && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 &&
              read -r -t 1 version status rest <&3; } 2>/dev/null
            case $status in
              200) exit 0 ;;
              '') exit 1 ;;
            esac
            # HAProxy lives but knows no leader: give way only to a node that does.
            ask() { timeout 1 bash -c {{ask}} ask "$1" {{port}} 2>/dev/null; }
            better=$(for peer in {{peers}}; do { [ "$(ask "$peer")" != 200 ] || echo "$peer"; } & done; wait)
            [ -z "$better" ]
            """)
                .value("ask", ASK)
                .value("port", config.haproxy().statsPort())
                .words("peers", peers)
                .render();
    }
}
