package io.pgha.patroni.view;

import io.pgha.patroni.internal.text.Text;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.immutables.value.Value;

/** One member as the cluster described it at one moment. Immutable and thread-safe. */
@Value.Immutable
public abstract class MemberView {
    MemberView() {}

    /**
     * Returns the member's name.
     *
     * @return the name in Patroni's configuration
     */
    public abstract String name();

    /**
     * Returns the part it plays.
     *
     * @return the role; {@link MemberRole#OTHER} for one that this library does not know
     */
    public MemberRole role() {
        return MemberRole.of(roleName());
    }

    /**
     * Returns the part it plays in Patroni's word.
     *
     * @return for example {@code sync_standby}; may be a word of a later Patroni
     */
    public abstract String roleName();

    /**
     * Returns what its PostgreSQL is doing, in Patroni's words.
     *
     * @return for example {@code running}, {@code streaming} (a replica that replicates, Patroni 3.0.4 and later),
     *     {@code in archive recovery}, {@code starting}, {@code stopped}, {@code creating replica}; may be empty
     */
    public abstract String state();

    /**
     * Returns where its PostgreSQL listens.
     *
     * @return a name or address, or empty while the member has not published it
     */
    public abstract Optional<String> host();

    /**
     * Returns the port of its PostgreSQL.
     *
     * @return the port, or empty while the member has not published it
     */
    public abstract OptionalInt port();

    /**
     * Returns the URL of its REST API.
     *
     * @return for example {@code https://10.0.0.1:8008/patroni}, or empty where the member has none
     */
    public abstract Optional<String> apiUrl();

    /**
     * Returns the timeline its PostgreSQL is on.
     *
     * @return the timeline, or empty while it is stopped or starting
     */
    public abstract OptionalInt timeline();

    /**
     * Returns how far the member is behind the leader.
     *
     * <p>Both positions are published once per {@code loop_wait}: a lag of 0 means "not far behind a moment ago".
     *
     * @return bytes; empty for a leader, and where Patroni does not know
     */
    public abstract OptionalLong lag();

    /**
     * Returns the position up to which the member has received the write-ahead log; Patroni 4.1 and later.
     *
     * @return for example {@code 0/4000060}, or empty where unknown
     */
    public abstract Optional<String> receiveLsn();

    /**
     * Returns how far the received position is behind the leader; Patroni 4.1 and later.
     *
     * @return bytes, or empty where unknown
     */
    public abstract OptionalLong receiveLag();

    /**
     * Returns the position up to which the member has replayed the write-ahead log; Patroni 4.1 and later.
     *
     * @return for example {@code 0/4000060}, or empty where unknown
     */
    public abstract Optional<String> replayLsn();

    /**
     * Returns how far the replayed position is behind the leader; Patroni 4.1 and later.
     *
     * @return bytes, or empty where unknown
     */
    public abstract OptionalLong replayLag();

    /**
     * Returns whether changed settings wait for a restart of PostgreSQL.
     *
     * @return true while a restart is needed
     */
    @Value.Default
    public boolean pendingRestart() {
        return false;
    }

    /**
     * Returns which settings wait for a restart; Patroni 3.3 and later.
     *
     * @return changes by parameter name; empty where nothing waits or Patroni does not say
     */
    public abstract Map<String, ParameterChange> pendingRestartReasons();

    /**
     * Returns the restart that is scheduled for this member.
     *
     * @return the restart, or empty where there is none
     */
    public abstract Optional<ScheduledRestart> scheduledRestart();

    /**
     * Returns the member's tags, such as {@code nofailover}.
     *
     * @return values as text ({@code true}, {@code 1}) by name
     */
    public abstract Map<String, String> tags();

    /**
     * Returns the member's tags with their values as Patroni has them.
     *
     * @return texts, numbers, true and false by name; by default those of {@link #tags()}
     */
    @Value.Default
    public Map<String, Object> tagValues() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(tags()));
    }

    /**
     * Returns whether this member holds the leader key.
     *
     * @return true for a leader and for a standby leader
     */
    public boolean leads() {
        return role().leads();
    }

    /**
     * Returns whether its PostgreSQL is up.
     *
     * @return true in the states {@code running}, {@code streaming} and {@code in archive recovery}
     */
    public boolean running() {
        return state().equals("running") || streaming() || state().equals("in archive recovery");
    }

    /**
     * Returns whether it is known to receive the leader's changes as they happen. Patroni before 3.0.4 never says so.
     *
     * @return true in the state {@code streaming}
     */
    public boolean streaming() {
        return state().equals("streaming");
    }

    /** Returns one line, for example {@code postgres-02: Replica, streaming, TL 3, 10.0.0.2:5432, 0 B behind}. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(name()).append(": ").append(ClusterTable.role(this));
        line.append(", ").append(state().isEmpty() ? "unknown state" : state());
        timeline().ifPresent(tl -> line.append(", TL ").append(tl));
        host().ifPresent(host ->
                line.append(", ").append(host).append(port().isPresent() ? ":" + port().getAsInt() : ""));
        lag().ifPresent(lag -> line.append(", ").append(Text.bytes(lag)).append(" behind"));
        return Text.printable(line.toString());
    }

    /**
     * Returns a builder, for tests of code that reads views.
     *
     * @return a new builder; {@code name}, {@code roleName} and {@code state} are mandatory
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link MemberView}. Confined to one thread. */
    public static final class Builder extends ImmutableMemberView.Builder {
        Builder() {}
    }
}
