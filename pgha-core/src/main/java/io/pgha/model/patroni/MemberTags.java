package io.pgha.model.patroni;

import io.pgha.Given;
import java.util.Map;
import java.util.Optional;

/** Reads a member's tags as Patroni does. Stateless; no I/O. */
public final class MemberTags {
    /** What a member without the tag has. */
    private static final int NORMAL = 1;

    private MemberTags() {}

    /**
     * Returns whether one of the tags is on that are on or off, such as {@code nosync} or {@code nostream}.
     *
     * @param tags the member's tags, as the configuration or Patroni has them
     * @param name the tag
     * @return false where it is not given
     */
    public static boolean isOn(Map<String, ?> tags, String name) {
        return "true".equals(String.valueOf(Given.value(tags, "tags").get(Given.value(name, "name"))));
    }

    /**
     * Returns the tag that keeps a member from becoming the leader, even of a new cluster: {@code nofailover} decides
     * where it is given, else {@code failover_priority}.
     *
     * @param tags the member's tags, as the configuration or Patroni has them
     * @return for example {@code tag nofailover}; empty where it may lead
     */
    public static Optional<String> barring(Map<String, ?> tags) {
        Object never = Given.value(tags, "tags").get("nofailover");
        if (never != null) {
            return isOn(tags, "nofailover") ? Optional.of("tag nofailover") : Optional.empty();
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
