package io.pgha.model.patroni;

import io.pgha.Given;
import java.util.Map;
import java.util.Optional;

/**
 * Reads from a member's tags whether it may lead, as Patroni does: {@code nofailover} decides where it is given, else
 * {@code failover_priority}. Stateless; no I/O.
 */
public final class FailoverTags {
    /** What a member without the tag has. */
    private static final int NORMAL = 1;

    private FailoverTags() {}

    /**
     * Returns the tag that keeps a member from becoming the leader, even of a new cluster.
     *
     * @param tags the member's tags, as the configuration or Patroni has them
     * @return for example {@code tag nofailover}; empty where it may lead
     */
    public static Optional<String> barring(Map<String, ?> tags) {
        Object never = Given.value(tags, "tags").get("nofailover");
        if (never != null) {
            return "true".equals(String.valueOf(never)) ? Optional.of("tag nofailover") : Optional.empty();
        }
        int priority = priority(tags);
        return priority <= 0 ? Optional.of("tag failover_priority " + priority) : Optional.empty();
    }

    /**
     * Returns which of two members that are equally far Patroni prefers.
     *
     * @param tags the member's tags, as the configuration or Patroni has them
     * @return {@code failover_priority}; 1 where it is not given, Patroni's default
     */
    public static int priority(Map<String, ?> tags) {
        Object given = Given.value(tags, "tags").get("failover_priority");
        String text = given == null ? "" : String.valueOf(given);
        return text.matches("-?\\d{1,9}") ? Integer.parseInt(text) : NORMAL;
    }
}
