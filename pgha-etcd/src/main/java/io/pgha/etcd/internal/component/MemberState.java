package io.pgha.etcd.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import java.util.List;

/**
 * What a member is before it is touched. Immutable.
 *
 * @param data whether it has a write-ahead log
 * @param founding whether it was started to form a new cluster and has never been ready
 * @param active whether its unit runs or is about to
 */
record MemberState(boolean data, boolean founding, boolean active) {

    static Probe probe(ClusterConfig config) {
        return new Probe(
                "etcd:member",
                "if [ -d " + quote(EtcdLayout.writeAheadLog(config))
                        + " ]; then printf 'data '; else printf 'empty '; fi\n"
                        + "if grep -qs '^ETCD_INITIAL_CLUSTER_STATE=new$' " + EtcdLayout.FIRST_START
                        + "; then printf 'founding '; else printf 'settled '; fi\n"
                        + "systemctl is-active " + EtcdLayout.UNIT,
                "empty settled inactive");
    }

    static MemberState parse(String text) {
        List<String> words = List.of(text.split(" "));
        return new MemberState(
                words.contains("data"),
                words.contains("founding"),
                words.contains("active") || words.contains("activating"));
    }

    /** Has been ready in a cluster, so that the cluster exists. */
    boolean established() {
        return data && !founding;
    }
}
