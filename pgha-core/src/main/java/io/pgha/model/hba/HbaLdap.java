package io.pgha.model.hba;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Judges the options of a line with {@code ldap} together: it binds directly, or searches first, and never both.
 * Stateless.
 */
final class HbaLdap {
    /** The first group is what is searched. */
    private static final Pattern URL =
            Pattern.compile("(?i)ldaps?://[^/?]*(?:/([^?]*)(?:\\?([^?]*)(?:\\?[^?]*(?:\\?(.*))?)?)?)?");

    private static final int ATTRIBUTE = 2;
    private static final int FILTER = 3;

    private HbaLdap() {}

    static Optional<String> problem(Map<String, String> options) {
        Matcher url = URL.matcher(options.getOrDefault("ldapurl", "ldap://"));
        if (!url.matches()) {
            return Optional.of("ldapurl must be written as ldap://host/dn?attribute?scope?filter, or with ldaps");
        }
        boolean base = options.containsKey("ldapbasedn") || url.group(1) != null;
        boolean attribute = options.containsKey("ldapsearchattribute") || given(url, ATTRIBUTE);
        boolean filter = options.containsKey("ldapsearchfilter") || given(url, FILTER);
        boolean search = base
                || attribute
                || filter
                || options.containsKey("ldapbinddn")
                || options.containsKey("ldapbindpasswd");
        if (Stream.of("ldapprefix", "ldapsuffix").anyMatch(options::containsKey)) {
            return search
                    ? Optional.of("ldapprefix and ldapsuffix bind without a search, and do not go with ldapbasedn,"
                            + " ldapbinddn, ldapbindpasswd, ldapsearchattribute, ldapsearchfilter or a path in ldapurl")
                    : Optional.empty();
        }
        if (!base) {
            return Optional.of("ldap needs ldapbasedn, ldapprefix, ldapsuffix or an ldapurl with a path");
        }
        return attribute && filter
                ? Optional.of("ldapsearchattribute and ldapsearchfilter do not go together, also not in ldapurl")
                : Optional.empty();
    }

    private static boolean given(Matcher url, int group) {
        String part = url.group(group);
        return part != null && !part.isEmpty();
    }
}
