package io.pgha.patroni.operation;

import io.pgha.patroni.view.MemberSelector;
import java.util.List;
import org.immutables.value.Value;

/** Says which members shall read their configuration files again. Defaults: all. Immutable and thread-safe. */
@Value.Immutable
public interface Reload {

    /**
     * Returns the members by name.
     *
     * @return names; by default all members
     */
    List<String> members();

    /**
     * Returns the members by the part they play.
     *
     * @return the role, {@link MemberSelector#ANY} by default
     */
    @Value.Default
    default MemberSelector role() {
        return MemberSelector.ANY;
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; nothing is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Reload}. Confined to one thread. */
    final class Builder extends ImmutableReload.Builder {
        Builder() {}
    }
}
