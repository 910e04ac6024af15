package io.pgha.patroni.view;

import io.pgha.Given;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.immutables.value.Value;

/**
 * The cluster as one member described it at one moment. Immutable and thread-safe.
 *
 * <p>{@code toString} is a line of summary and then the table that {@code patronictl list} prints.
 */
@Value.Immutable
public abstract class ClusterView {
    ClusterView() {}

    /**
     * Returns the cluster's name, Patroni's {@code scope}.
     *
     * @return the name, or empty where the member that answered did not say
     */
    public abstract Optional<String> name();

    /**
     * Returns PostgreSQL's system identifier, the same on all members.
     *
     * @return decimal digits, or empty where the member that answered did not say
     */
    public abstract Optional<String> systemId();

    /**
     * Returns the version of Patroni on the member that answered; others may differ during an upgrade.
     *
     * @return for example {@code 4.0.7}, or empty where it did not say
     */
    public abstract Optional<String> patroniVersion();

    /**
     * Returns the members.
     *
     * @return by name, in Patroni's order; empty for a cluster that is not bootstrapped
     */
    public abstract List<MemberView> members();

    /**
     * Returns whether Patroni is in maintenance mode and does not fail over.
     *
     * @return true while paused
     */
    @Value.Default
    public boolean paused() {
        return false;
    }

    /**
     * Returns the switchover that is scheduled.
     *
     * @return the switchover, or empty where there is none
     */
    public abstract Optional<ScheduledSwitchover> scheduledSwitchover();

    /**
     * Returns the member that holds the leader key.
     *
     * @return the leader or standby leader, or empty while there is none
     */
    public Optional<MemberView> leader() {
        return members().stream().filter(MemberView::leads).findFirst();
    }

    /**
     * Returns the members that do not lead.
     *
     * @return the others, in Patroni's order
     */
    public List<MemberView> replicas() {
        return members().stream().filter(member -> !member.leads()).collect(Collectors.toUnmodifiableList());
    }

    /**
     * Returns one member.
     *
     * @param name its name
     * @return the member, or empty where the cluster has none of that name
     */
    public Optional<MemberView> member(String name) {
        return members().stream().filter(member -> member.name().equals(name)).findFirst();
    }

    @Override
    public String toString() {
        return ClusterTable.summary(this) + "\n" + ClusterTable.table(this);
    }

    /**
     * Returns a builder, for tests of code that reads views.
     *
     * @return a new builder; nothing is mandatory
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link ClusterView}. Confined to one thread. */
    public static final class Builder extends ImmutableClusterView.Builder {
        Builder() {}

        /**
         * Adds a member.
         *
         * @param member sets its attributes
         * @return this builder
         */
        public Builder member(UnaryOperator<MemberView.Builder> member) {
            return member(
                    Given.completed(MemberView.builder(), member, "member").build());
        }
    }
}
