package io.pgha.patroni.operation;

import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.Optional;
import org.immutables.value.Value;

/** What a switchover did. Immutable and thread-safe; {@code toString} is a line of summary and the explanation. */
@Value.Immutable
@SuppressWarnings("immutables:from") // the generated copying method of that name is not missed
public abstract class SwitchoverResult {
    SwitchoverResult() {}

    /**
     * Returns how it ended.
     *
     * @return the kind of end
     */
    public abstract SwitchoverOutcome outcome();

    /**
     * Returns the member that led before.
     *
     * @return its name
     */
    @SuppressWarnings("immutables:from") // the attribute's own name is worth more than a builder's copy
    public abstract String from();

    /**
     * Returns the member that leads now. Where the switchover is scheduled: the one that was named, else the one that
     * is the best candidate now; Patroni chooses at that time among those that are in order.
     *
     * @return its name
     */
    public abstract String to();

    /**
     * Returns how long it took from the request until the new leader led.
     *
     * @return the time as this client saw it; zero where nothing was switched
     */
    public abstract Duration duration();

    /**
     * Returns whether the former leader was seen to replicate from the new one.
     *
     * @return true when it was seen; false when it was not in time, or was not waited for
     */
    public abstract boolean formerLeaderBack();

    /**
     * Returns why the candidate was chosen, and what came out differently than asked.
     *
     * @return one or more sentences
     */
    public abstract String explanation();

    /**
     * Returns why it was asked for although maintenance was closed.
     *
     * @return the override's reason; empty where none was needed
     */
    public abstract Optional<String> overridden();

    /**
     * Returns the cluster as it was last seen.
     *
     * @return the view
     */
    public abstract ClusterView view();

    @Override
    public String toString() {
        String what = switch (outcome()) {
            case SWITCHED, SWITCHED_TO_ANOTHER -> from() + " -> " + to() + " in " + DurationText.of(duration());
            case ALREADY_LEADER -> to() + " led already";
            case SCHEDULED -> from() + " -> " + to() + " is scheduled";
        };
        return Text.printable("Switchover: " + what) + "\n" + explanation()
                + overridden().map(Text::overridden).orElse("");
    }

    /**
     * Returns a builder, for tests of code that reads results.
     *
     * @return a new builder; everything but {@code overridden} is mandatory
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link SwitchoverResult}. Confined to one thread. */
    public static final class Builder extends ImmutableSwitchoverResult.Builder {
        Builder() {}
    }
}
