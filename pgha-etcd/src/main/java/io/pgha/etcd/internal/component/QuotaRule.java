package io.pgha.etcd.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.spi.PreflightRule;
import java.util.Optional;

/**
 * Refuses a quota below what a member's database has already: etcd would take no more writes, Patroni could not keep
 * its leader key, and no member would lead.
 */
final class QuotaRule {

    /** What a page of bbolt's with the database's own state has in it. */
    private static final String MAGIC = String.valueOf(0xED0CDAEDL);

    private QuotaRule() {}

    static PreflightRule of(ClusterConfig config, Node node) {
        long quota = config.etcd().quotaBackendBytes();
        return new PreflightRule(
                node, new Probe("etcd:size", script(EtcdLayout.database(config), quota), ""), answer -> {
                    boolean full = answer.matches("[0-9]{1,18}") && Long.parseLong(answer) >= quota;
                    return full ? Optional.of(refusal(node, quota, answer)) : Optional.empty();
                });
    }

    private static Problem refusal(Node node, long quota, String size) {
        return Problem.on(
                node.name(),
                "preflight.etcd-quota",
                "etcd.quotaBackendBytes is " + quota + ", and etcd's database on " + node.name() + " has " + size
                        + " bytes already; etcd would take no more writes",
                "Set it well above " + size + ", or make room first (EtcdClient.compact() and defragment()).");
    }

    /**
     * Prints how large a database is, where its file has the size of the quota. The file alone does not tell: bbolt
     * lets it grow by 16 MiB at a time, and etcd counts the pages up to the highest in use. That is in the first two
     * pages, of which bbolt writes one after the other; it never falls.
     */
    static String script(String database, long quota) {
        return """
                db=%s
                [ "$(stat -c %%s "$db" 2>/dev/null || echo 0)" -ge %d ] || exit 0
                number() { od -An -v -t "u$1" -j "$2" -N "$1" "$db" | tr -d ' '; }
                [ "$(number 4 16)" = %s ] || exit 0
                page=$(number 4 24)
                first=$(number 8 56)
                second=$(number 8 $((page + 56)))
                if [ "$first" -gt "$second" ]; then echo $((first * page)); else echo $((second * page)); fi""".formatted(quote(database), quota, MAGIC);
    }
}
