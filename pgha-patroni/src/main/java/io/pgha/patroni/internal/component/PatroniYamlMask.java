package io.pgha.patroni.internal.component;

import io.pgha.model.hba.HbaSecrets;
import io.pgha.model.parameter.ParameterCatalog;
import io.pgha.model.parameter.ParameterKind;
import io.pgha.resource.FileMask;
import io.pgha.text.WrittenSecrets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Covers the secrets of {@code patroni.yaml}, however they are quoted there: the file is read, and written again
 * without them. Comments and layout are lost on the way. Of what pgha does not write, only the keys are shown, but for
 * parameters of PostgreSQL that hold no secret. Stateless.
 */
final class PatroniYamlMask implements FileMask {
    private static final String UNREADABLE = "(no YAML, and so not shown)\n";
    private static final int DEEPEST = 20;
    private static final String LINES = "/pg_hba";

    /** They say what is secret, and look like it. */
    private static final Pattern OPTIONS = Pattern.compile("ldapbindpasswd|radiussecrets", Pattern.CASE_INSENSITIVE);

    private static final Pattern PARAMETER = Pattern.compile(".*/parameters/([^/]+)");

    /** Texts without a secret, other than commands and connections. */
    private static final Set<String> LIBRARIES =
            Set.of("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries");

    private static final Pattern SUSPICIOUS =
            Pattern.compile("passw|secret|token|credential|pwd|://[^/]*@", Pattern.CASE_INSENSITIVE);

    @Override
    public String masked(String text, String wanted, Cover cover) {
        if (text.isBlank()) {
            return "";
        }
        try {
            Object tree = load(text);
            Object same = load(wanted);
            Set<String> secrets = new HashSet<>();
            collect(tree, 0, false, secrets);
            collect(same, 0, false, secrets);
            return tree instanceof Map<?, ?>
                    ? YamlFormat.dump(new Reading(cover, secrets).shown("", tree, Optional.ofNullable(same)))
                    : UNREADABLE;
        } catch (YAMLException unreadable) {
            // Its message quotes the file.
            return UNREADABLE;
        }
    }

    private static Object load(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options)).load(text);
    }

    /** A secret may stand in other places, too: by an alias, or by hand. */
    private static void collect(Object value, int depth, boolean secret, Set<String> secrets) {
        if (depth > DEEPEST) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, child) ->
                    collect(child, depth + 1, secret || WrittenSecrets.isNamed(String.valueOf(key)), secrets));
        } else if (value instanceof List<?> list) {
            list.forEach(child -> collect(child, depth + 1, secret, secrets));
        } else if (secret && !String.valueOf(value).isEmpty()) {
            secrets.add(String.valueOf(value));
        }
    }

    private record Reading(Cover cover, Set<String> secrets) {
        Object shown(String place, Object value, Optional<?> wanted) {
            if (place.chars().filter(c -> c == '/').count() > DEEPEST) {
                return Cover.PLAIN;
            }
            if (value instanceof Map<?, ?> map) {
                Map<String, Object> shown = new LinkedHashMap<>();
                map.forEach((key, child) -> {
                    String name = String.valueOf(key);
                    String at = place + "/" + name;
                    shown.put(
                            name,
                            WrittenSecrets.isNamed(name)
                                    ? cover.cover(at, String.valueOf(child))
                                    : shown(at, child, in(wanted, name)));
                });
                return shown;
            }
            if (value instanceof List<?> list) {
                List<?> same = wanted.orElse(null) instanceof List<?> other ? other : List.of();
                if (place.endsWith(LINES)) {
                    return lines(place, list, same);
                }
                List<Object> shown = new ArrayList<>();
                for (int i = 0; i < list.size(); i++) {
                    Object element = list.get(i);
                    shown.add(shown(place + "/" + i, element, like(element, same)));
                }
                return shown;
            }
            boolean harmless = wanted.isPresent()
                    ? !(wanted.get() instanceof Map<?, ?>) && (wanted.get().equals(value) || !suspicious(value))
                    : plainParameter(place) && !suspicious(value);
            return harmless && value != null ? withoutSecrets(place, value) : Cover.PLAIN;
        }

        private Object withoutSecrets(String place, Object value) {
            String name = place.substring(place.lastIndexOf('/') + 1);
            return value instanceof String text
                    ? WrittenSecrets.coveredIn(name, text, secret -> cover.cover(place, secret))
                    : value;
        }

        /** Lines of pg_hba.conf say themselves what is secret in them. */
        private List<String> lines(String place, List<?> list, List<?> wanted) {
            List<String> lines = list.stream().map(String::valueOf).toList();
            List<String> shown = HbaSecrets.coveredIn(lines, secret -> cover.cover(place, secret));
            List<String> harmless = HbaSecrets.coveredIn(lines, secret -> "");
            return IntStream.range(0, lines.size())
                    .mapToObj(i -> wanted.contains(lines.get(i))
                                    || (!wanted.isEmpty()
                                            && !suspicious(OPTIONS.matcher(harmless.get(i))
                                                    .replaceAll("")))
                            ? shown.get(i)
                            : Cover.PLAIN)
                    .toList();
        }

        private static boolean plainParameter(String place) {
            Matcher parameter = PARAMETER.matcher(place);
            return parameter.matches()
                    && ParameterCatalog.ofAny()
                            .find(parameter.group(1))
                            .filter(known -> known.kind() != ParameterKind.STRING || LIBRARIES.contains(known.name()))
                            .isPresent();
        }

        private boolean suspicious(Object value) {
            String text = String.valueOf(value);
            return SUSPICIOUS.matcher(text).find() || secrets.stream().anyMatch(text::contains);
        }
    }

    /** The same element, or another of its kind: a list may have been longer, or in another order. */
    private static Optional<?> like(Object element, List<?> wanted) {
        return wanted.contains(element)
                ? Optional.of(element)
                : wanted.stream()
                        .filter(any -> any instanceof Map<?, ?> == element instanceof Map<?, ?>)
                        .findFirst();
    }

    private static Optional<?> in(Optional<?> wanted, String name) {
        return wanted.orElse(null) instanceof Map<?, ?> map ? Optional.ofNullable(map.get(name)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "patroni.yaml without its secrets";
    }
}
