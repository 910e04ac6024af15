package io.pgha.model.hba;

import io.pgha.model.internal.text.Texts;
import io.pgha.text.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Judges the method of a line of {@code pg_hba.conf} and its options, as the PostgreSQL that Debian ships does.
 * Stateless.
 */
final class HbaOptions {
    /** Without {@code bsd} and {@code sspi}, which are not built on Linux. */
    static final Set<String> METHODS = Set.of(
            "trust",
            "reject",
            "scram-sha-256",
            "md5",
            "password",
            "gss",
            "ident",
            "peer",
            "ldap",
            "radius",
            "cert",
            "pam");

    private static final Pattern PORT = Pattern.compile("0*[1-9][0-9]{0,4}");
    private static final Set<String> LDAP = Set.of("ldap");
    private static final Set<String> RADIUS = Set.of("radius");
    private static final Set<String> GSS = Set.of("gss");
    private static final Set<String> PAM = Set.of("pam");

    /** The methods that each option belongs to. */
    private static final Map<String, Set<String>> OPTIONS = Map.ofEntries(
            Map.entry("map", Set.of("ident", "peer", "gss", "cert")),
            Map.entry("clientcert", METHODS),
            Map.entry("clientname", METHODS),
            Map.entry("pamservice", PAM),
            Map.entry("pam_use_hostname", PAM),
            Map.entry("krb_realm", GSS),
            Map.entry("include_realm", GSS),
            Map.entry("ldapurl", LDAP),
            Map.entry("ldaptls", LDAP),
            Map.entry("ldapscheme", LDAP),
            Map.entry("ldapserver", LDAP),
            Map.entry("ldapport", LDAP),
            Map.entry("ldapbinddn", LDAP),
            Map.entry("ldapbindpasswd", LDAP),
            Map.entry("ldapsearchattribute", LDAP),
            Map.entry("ldapsearchfilter", LDAP),
            Map.entry("ldapbasedn", LDAP),
            Map.entry("ldapprefix", LDAP),
            Map.entry("ldapsuffix", LDAP),
            Map.entry("radiusservers", RADIUS),
            Map.entry("radiusports", RADIUS),
            Map.entry("radiussecrets", RADIUS),
            Map.entry("radiusidentifiers", RADIUS));

    private HbaOptions() {}

    static Set<String> names() {
        return OPTIONS.keySet();
    }

    /** Returns what is wrong with a method and its options, or empty. */
    static Optional<String> problem(String type, String method, List<String> options) {
        if (!METHODS.contains(method)) {
            return Optional.of("the method " + Texts.quote(method) + " is unknown"
                    + Nearest.of(method, METHODS)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; PostgreSQL has "
                                    + String.join(
                                            ", ", METHODS.stream().sorted().toList())));
        }
        boolean local = type.equals("local");
        if (method.equals("peer") && !local) {
            return Optional.of("peer is for local lines only");
        }
        if (method.equals("gss") && local) {
            return Optional.of("gss is not for local lines");
        }
        if (method.equals("cert") && !type.equals("hostssl")) {
            return Optional.of("cert is for hostssl lines only");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String option : options) {
            Optional<String> problem = option(type, method, option, values);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return together(method, values);
    }

    private static Optional<String> option(String type, String method, String option, Map<String, String> values) {
        int equals = option.indexOf('=');
        if (equals < 0) {
            return Optional.of("the option " + Texts.quote(option) + " is not written as name=value");
        }
        String name = option.substring(0, equals);
        String value = option.substring(equals + 1);
        values.put(name, value);
        Set<String> methods = OPTIONS.get(name);
        if (methods == null) {
            return Optional.of("the option " + Texts.quote(name) + " is unknown"
                    + Nearest.of(name, OPTIONS.keySet())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse(""));
        }
        if (!methods.contains(method)) {
            return Optional.of("the option " + name + " does not belong to " + method + " but to "
                    + String.join(", ", methods.stream().sorted().toList()));
        }
        return value(type, method, name, value);
    }

    private static Optional<String> value(String type, String method, String name, String value) {
        return switch (name) {
            case "clientcert" -> {
                if (!type.equals("hostssl")) {
                    yield Optional.of("clientcert is for hostssl lines only");
                }
                boolean known = value.equals("verify-full") || (value.equals("verify-ca") && !method.equals("cert"));
                yield known
                        ? Optional.empty()
                        : Optional.of(
                                "clientcert must be " + (method.equals("cert") ? "" : "verify-ca or ") + "verify-full");
            }
            case "clientname" ->
                type.equals("hostssl") && Set.of("CN", "DN").contains(value)
                        ? Optional.empty()
                        : Optional.of("clientname must be CN or DN, on a hostssl line");
            case "ldapport" -> port(value) ? Optional.empty() : Optional.of("ldapport must be a port");
            case "ldapscheme" ->
                Set.of("ldap", "ldaps").contains(value)
                        ? Optional.empty()
                        : Optional.of("ldapscheme must be ldap or ldaps");
            default -> Optional.empty();
        };
    }

    static boolean port(String text) {
        return PORT.matcher(text).matches();
    }

    private static Optional<String> together(String method, Map<String, String> values) {
        return switch (method) {
            case "ldap" -> HbaLdap.problem(values);
            case "radius" -> HbaRadius.problem(values);
            default -> Optional.empty();
        };
    }
}
