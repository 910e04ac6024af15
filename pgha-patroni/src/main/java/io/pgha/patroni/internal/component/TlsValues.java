package io.pgha.patroni.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Refuses values of TLS that the host's OpenSSL does not take. A PostgreSQL that runs only logs them, goes on with what
 * it had and reads no renewed certificate; the next start fails. Only what the configuration names is asked. Stateless;
 * no I/O.
 */
final class TlsValues {
    private static final String CIPHERS = "ssl_ciphers";
    private static final String CURVE = "ssl_ecdh_curve";

    /** From this version on the parameter is a list of groups, which nothing but the server takes as it does. */
    private static final int GROUPS = 18;

    private TlsValues() {}

    static List<PreflightRule> of(PlanContext context, Node node) {
        Map<String, Object> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        parameters.putAll(context.config().postgres().parameters());
        List<PreflightRule> rules = new ArrayList<>();
        // What begins with - is an item of the list, not an option.
        value(parameters, CIPHERS)
                .map(list -> rule(node, CIPHERS, list, "openssl ciphers " + quote(":" + list), "HIGH:!aNULL"))
                .ifPresent(rules::add);
        value(parameters, CURVE)
                .filter(name -> PatroniLayout.version(context, node) < GROUPS)
                .map(name -> rule(node, CURVE, name, "openssl ecparam -noout -name " + quote(name), "prime256v1"))
                .ifPresent(rules::add);
        return List.copyOf(rules);
    }

    private static Optional<String> value(Map<String, Object> parameters, String name) {
        return Optional.ofNullable(parameters.get(name)).map(Object::toString).filter(text -> !text.isEmpty());
    }

    /** A bare host may have no openssl yet. */
    private static PreflightRule rule(Node node, String parameter, String value, String question, String example) {
        return new PreflightRule(
                node,
                new Probe(
                        "patroni:" + parameter,
                        "if command -v openssl >/dev/null; then " + question + " >/dev/null 2>&1 || echo refused; fi",
                        ""),
                answer -> answer.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Problem.on(
                                node.name(),
                                "preflight.tls-value",
                                "OpenSSL of " + node.name() + " does not take " + parameter + " = " + value
                                        + ": PostgreSQL would go on with what it has, and not start again",
                                "Correct it, for example " + example + ", or leave it out.")));
    }
}
