package io.pgha.patroni.config;

import io.pgha.patroni.internal.text.Text;
import io.pgha.plan.FileDiff;
import io.pgha.plan.Impact;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an edit of the dynamic configuration did. Immutable and thread-safe; {@code toString} is a line of summary, what
 * waits for a restart, and the diff.
 *
 * @param changed whether anything was written; false where the configuration was already as wanted
 * @param before the configuration as it was found
 * @param after the configuration as it is stored
 * @param diff the difference, a unified diff of the YAML with {@code ****} for secrets
 * @param impact what the change does to the cluster, restarts that it asks for included
 * @param unconfirmed the members that were not seen to know the new configuration in time, with the reason; they take
 *     it over by themselves once they run and reach etcd. Also those whose PostgreSQL could not be asked what it
 *     complains of
 * @param pendingRestart the members whose PostgreSQL must restart before everything is in force, with the parameters
 *     that wait; Patroni before 3.3 does not say which
 * @param complaints what members' PostgreSQL cannot take of the files that Patroni wrote: it goes on with what it had,
 *     and would not start again. Asked where the client was opened for a cluster that pgha describes, the edit changes
 *     parameters, {@code pg_hba} or {@code pg_ident}, and the members were waited for
 * @param overridden why it was asked for although maintenance was closed; empty where no override was needed
 */
public record EditConfigResult(
        boolean changed,
        DynamicConfig before,
        DynamicConfig after,
        FileDiff diff,
        Impact impact,
        Map<String, String> unconfirmed,
        Map<String, List<String>> pendingRestart,
        Map<String, List<String>> complaints,
        Optional<String> overridden) {

    /**
     * Copies what it is given.
     *
     * @param changed whether anything was written
     * @param before as it was found
     * @param after as it is stored
     * @param diff the difference
     * @param impact what it does to the cluster
     * @param unconfirmed who was not seen to know it
     * @param pendingRestart who waits for a restart
     * @param complaints what PostgreSQL cannot take of its files
     * @param overridden why closed times were not respected
     */
    public EditConfigResult {
        unconfirmed = Map.copyOf(unconfirmed);
        pendingRestart = Map.copyOf(pendingRestart);
        complaints = Map.copyOf(complaints);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(changed ? "Configuration changed" : "Not changed");
        text.append(
                pendingRestart.isEmpty()
                        ? ""
                        : ", restart pending on "
                                + String.join(
                                        ", ",
                                        pendingRestart.keySet().stream()
                                                .sorted()
                                                .toList()));
        unconfirmed.forEach((member, why) -> text.append("\nNot confirmed by ")
                .append(Text.printable(member))
                .append(": ")
                .append(Text.printable(why)));
        complaints.forEach((member, told) -> told.forEach(line -> text.append("\nPostgreSQL of ")
                .append(Text.printable(member))
                .append(" cannot take it, and would not start again: ")
                .append(Text.printable(line))));
        text.append(overridden.map(Text::overridden).orElse(""));
        return diff.unified().isEmpty()
                ? text.toString()
                : text.append('\n').append(diff.unified()).toString();
    }
}
