package io.pgha.client;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.internal.text.Texts;
import io.pgha.net.HostPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the options of one kind of client must be like. Immutable and thread-safe; no I/O.
 *
 * @param code the code of its problems, for example {@code etcd.options}
 * @param port the port of an endpoint that has none; 0 where each must have one
 * @param example an endpoint as it should be, for example {@code https://10.0.0.1:2379}
 * @param credentials how user and password are given, for example {@code user(name, password)}
 */
public record OptionRules(String code, int port, String example, String credentials) {
    private static final int LARGEST_PORT = 65535;

    /**
     * Creates the rules.
     *
     * @param code the code of its problems
     * @param port the port of an endpoint that has none; 0 where each must have one
     * @param example an endpoint as it should be
     * @param credentials how user and password are given
     */
    public OptionRules {
        Given.value(code, "code");
        Given.value(example, "example");
        Given.value(credentials, "credentials");
    }

    /**
     * Reads an endpoint.
     *
     * @param endpoint the text
     * @return the URI, not checked yet
     * @throws InvalidConfigException when the text is no URI
     */
    public URI parse(String endpoint) {
        try {
            return new URI(Given.value(endpoint, "endpoint"));
        } catch (URISyntaxException e) {
            throw new InvalidConfigException(List.of(problem(
                    "An endpoint is not a URI: " + e.getReason() + " at character " + e.getIndex(),
                    "Write for example " + example + ".")));
        }
    }

    /**
     * Returns where an endpoint is.
     *
     * @param endpoint a URI such as {@code https://10.0.0.1:8008}; what follows the port does not matter
     * @return the place; empty where it is not {@code http} or {@code https}, has no host or no port, or says who logs
     *     in
     */
    public Optional<HostPort> place(URI endpoint) {
        String scheme = Given.value(endpoint, "endpoint").getScheme();
        String host = endpoint.getHost();
        int at = endpoint.getPort() == -1 ? port : endpoint.getPort();
        boolean web = scheme != null && List.of("http", "https").contains(scheme.toLowerCase(Locale.ROOT));
        return web && host != null && endpoint.getRawUserInfo() == null && at > 0 && at <= LARGEST_PORT
                ? Optional.of(new HostPort(host, at))
                : Optional.empty();
    }

    /**
     * Returns whether an endpoint is spoken to with TLS.
     *
     * @param endpoint a URI
     * @return true for {@code https}, in whichever case it is written
     */
    public static boolean isTls(URI endpoint) {
        return "https".equalsIgnoreCase(Given.value(endpoint, "endpoint").getScheme());
    }

    /**
     * Finds what is wrong with what all clients' options say.
     *
     * @param options the options
     * @return all problems, where there are any; to be completed with those of the options' own
     */
    public List<Problem> problems(ClientOptions options) {
        List<Problem> problems = new ArrayList<>();
        if (options.endpoints().isEmpty()) {
            problems.add(problem("No endpoint is given", "Give one: .endpoint(\"" + example + "\")."));
        }
        for (URI endpoint : options.endpoints()) {
            if (place(endpoint).isEmpty()) {
                problems.add(problem(
                        shown(endpoint) + " is not an endpoint",
                        "Write http:// or https://, a host and a port, for example " + example
                                + "; credentials belong into ." + credentials + "."));
            }
        }
        if (options.username().isPresent() != options.password().isPresent()) {
            problems.add(problem("User name and password go together", "Use ." + credentials + "."));
        }
        positive(options.connectTimeout(), problems);
        positive(options.requestTimeout(), problems);
        return problems;
    }

    /**
     * Adds a problem where a time is none to wait for.
     *
     * @param timeout the time
     * @param problems where to add it
     */
    public void positive(Duration timeout, List<Problem> problems) {
        if (timeout.isNegative() || timeout.isZero()) {
            problems.add(problem("A timeout of " + timeout + " is not positive", "Give a positive duration."));
        }
    }

    /**
     * Returns a problem of such options.
     *
     * @param message what is wrong
     * @param remedy what to do
     * @return the problem
     */
    public Problem problem(String message, String remedy) {
        return Problem.of(code, message, remedy);
    }

    /** What is not read as a host may be a password. */
    private static String shown(URI uri) {
        return uri.getHost() == null
                ? "A URI without a host"
                : Texts.quote(uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
    }
}
