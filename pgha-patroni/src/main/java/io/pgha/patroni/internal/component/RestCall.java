package io.pgha.patroni.internal.component;

import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.spi.PlanContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Renders calls of the REST API's unsafe verbs: a shell function {@code rest SECONDS ADDRESS TARGET BODY} that prints the status
 * in the first line and the body after it. The password comes in on standard input and is handed on by shell built-ins alone,
 * so that it never stands in an argument list. Stateless; no I/O.
 */
final class RestCall {
    private RestCall() {}

    /** Returns the first line of the standard input of every script that starts with {@link #prelude}. */
    static String login(PlanContext context) {
        String text = context.config().patroni().restUsername() + ":"
                + PatroniSecrets.in(context.secrets()).rest().reveal();
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "\n";
    }

    static String prelude(ClusterConfig config) {
        return Script.of("""
            read -r login
            rest() {
              case $2 in *:*) at="[$2]:{{port}}" ;; *) at="$2:{{port}}" ;; esac
              {
                printf '%s HTTP/1.0\\r\\nHost: pgha\\r\\nAuthorization: Basic %s\\r\\n' "$3" "$login"
                printf 'Content-Type: application/json\\r\\nContent-Length: %s\\r\\n\\r\\n%s' ${#4} "$4"
              } | timeout "$1" openssl s_client -quiet -verify_quiet -verify_return_error -CAfile {{trust}} \\
                  -verify_ip "$2" -connect "$at" 2>/dev/null \\
                | awk '{sub(/\\r$/, "")} NR==1 {print $2; seen=1; next} body {print} /^$/ {body=1} END {if (!seen) print "000"}'
            }
            """)
                .value("port", config.patroni().restPort())
                .value("trust", PatroniLayout.TRUST)
                .render();
    }
}
