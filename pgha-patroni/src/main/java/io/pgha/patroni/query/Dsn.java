package io.pgha.patroni.query;

import io.pgha.net.HostPort;
import io.pgha.patroni.internal.text.Text;

/**
 * Where a member's PostgreSQL listens. Immutable; {@code toString} is what {@code patronictl dsn} prints.
 *
 * @param member the member's name
 * @param host its name or address
 * @param port its port
 */
public record Dsn(String member, String host, int port) {

    /**
     * Returns the address for JDBC.
     *
     * @param database the database's name
     * @return for example {@code jdbc:postgresql://10.0.0.1:5432/postgres}
     */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + new HostPort(host, port) + "/"
                + java.net.URLEncoder.encode(database, java.nio.charset.StandardCharsets.UTF_8)
                        .replace("+", "%20");
    }

    @Override
    public String toString() {
        return Text.printable("host=" + host + " port=" + port);
    }
}
