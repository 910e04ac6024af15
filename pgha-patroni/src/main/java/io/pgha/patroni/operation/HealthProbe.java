package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.immutables.value.Value;

/**
 * Says which health check is asked of which members. Defaults: {@link HealthCheck#HEALTH} of all members, whatever
 * their lag and tags. Immutable and thread-safe.
 */
@Value.Immutable
public interface HealthProbe {

    /**
     * Returns the check.
     *
     * @return {@link HealthCheck#HEALTH} by default
     */
    @Value.Default
    default HealthCheck check() {
        return HealthCheck.HEALTH;
    }

    /**
     * Returns the members by name.
     *
     * @return names; by default all members
     */
    List<String> members();

    /**
     * Returns how far a replica may be behind to pass; for {@link HealthCheck#READINESS} Patroni 4.1 and later.
     *
     * @return bytes; by default its lag does not matter, but for {@code READINESS} {@code maximum_lag_on_failover}
     *     counts
     */
    OptionalLong maximumLag();

    /**
     * Returns the tags that a member must have to pass.
     *
     * @return values ({@code true}, {@code 1}) by tag name; by default tags do not matter
     */
    Map<String, String> tags();

    /** Reports everything that is wrong with this request. */
    @Value.Check
    default void checkSound() {
        List<Problem> problems = new ArrayList<>();
        if (maximumLag().isPresent() && !check().weighsLag()) {
            problems.add(Problem.of(
                    "patroni.health",
                    "The lag does not matter to " + check().path(),
                    "Leave maximumLag(…) out, or ask another check, REPLICA for example."));
        }
        if (maximumLag().isPresent() && maximumLag().getAsLong() < 0) {
            problems.add(Problem.of("patroni.health", "A lag is not negative", "Give a number of bytes, 0 or more."));
        }
        if (tags().containsKey("")) {
            problems.add(Problem.of("patroni.health", "A tag has a name", "Name it: .tag(\"zone\", \"a\")."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; nothing is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link HealthProbe}. Confined to one thread. */
    final class Builder extends ImmutableHealthProbe.Builder {
        Builder() {}
    }
}
