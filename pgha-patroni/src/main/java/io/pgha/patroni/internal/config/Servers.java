package io.pgha.patroni.internal.config;

import io.pgha.model.parameter.ParameterCatalog;
import io.pgha.patroni.internal.version.PatroniVersion;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is known about the servers that a dynamic configuration is for. Immutable.
 *
 * @param patroni the oldest Patroni among them; empty where it is not known
 * @param postgresMajor PostgreSQL's major version; empty where it is not known
 * @param addresses the members' addresses, from which they reach each other
 * @param roles the roles that Patroni logs in with; empty where the client does not know them
 */
public record Servers(
        Optional<PatroniVersion> patroni, OptionalInt postgresMajor, Set<String> addresses, Optional<Roles> roles) {
    static final Servers UNKNOWN = new Servers(Optional.empty(), OptionalInt.empty(), Set.of(), Optional.empty());

    /**
     * The roles that Patroni logs in with.
     *
     * @param superuser over the member's own socket, or its own address
     * @param replication from every other member
     * @param rewind from every other member
     */
    public record Roles(String superuser, String replication, String rewind) {}

    public Servers {
        addresses = Set.copyOf(addresses);
    }

    /** Returns the parameters that the servers take; without their version, what those of any may take. */
    ParameterCatalog parameters() {
        return postgresMajor.isPresent() ? ParameterCatalog.of(postgresMajor.getAsInt()) : ParameterCatalog.lenient();
    }
}
