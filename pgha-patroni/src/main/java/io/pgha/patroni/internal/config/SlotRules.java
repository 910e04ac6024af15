package io.pgha.patroni.internal.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.Problem;
import io.pgha.patroni.internal.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What is wrong with replication slots in the dynamic configuration. Stateless. */
final class SlotRules {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,63}");
    /** Of several names for the same thing Patroni reads one, in this order. */
    private static final List<String> KEYS = List.of("permanent_replication_slots", "permanent_slots", "slots");

    private static final List<String> MATCHED = List.of("name", "type", "database", "plugin");

    private SlotRules() {}

    static List<Problem> check(JsonNode config, Predicate<String> touched) {
        List<Problem> problems = new ArrayList<>();
        List<String> present = KEYS.stream().filter(config::has).toList();
        for (String key : present) {
            if (!touched.test(key)) {
                continue;
            }
            if (!key.equals(present.get(0))) {
                problems.add(Problem.of(
                        "patroni.config.alias",
                        key + " is ignored beside " + present.get(0),
                        "Move its slots to " + present.get(0) + "."));
            }
            JsonNode slots = config.path(key);
            if (!slots.isObject()) {
                problems.add(Problem.of(
                        "patroni.config.slots",
                        key + " is " + ConfigRules.shown(key, slots)
                                + ", not an object: every member would fail in each of its rounds",
                        "Give an object: {\"my_slot\": {\"type\": \"physical\"}}."));
                continue;
            }
            slots.properties().forEach(entry -> slot(problems, key, entry.getKey(), entry.getValue()));
        }
        JsonNode ignored = config.path("ignore_slots");
        if (touched.test("ignore_slots") && !ignored.isMissingNode()) {
            boolean objects = ignored.isArray();
            for (JsonNode one : ignored) {
                objects &= one.isObject();
                matcher(problems, one);
            }
            if (!objects) {
                problems.add(Problem.of(
                        "patroni.config.slots",
                        "ignore_slots is not a list of objects",
                        "Give a list such as [{\"name\": \"my_slot\", \"type\": \"logical\"}]."));
            }
        }
        return problems;
    }

    /**
     * What a misspelt key asks for, Patroni does not ask for: the others decide, and without others every slot fits.
     */
    private static void matcher(List<Problem> problems, JsonNode matcher) {
        matcher.fieldNames().forEachRemaining(key -> {
            if (!MATCHED.contains(key)) {
                problems.add(Problem.of(
                        "patroni.config.slots",
                        "ignore_slots has " + Text.excerpt(key)
                                + ", which Patroni does not look at: it would ignore more slots than are meant",
                        "Use " + String.join(", ", MATCHED) + "."));
            }
        });
    }

    private static void slot(List<Problem> problems, String key, String name, JsonNode spec) {
        String path = Text.excerpt(key + "." + name);
        if (!NAME.matcher(name).matches()) {
            problems.add(Problem.of(
                    "patroni.config.slots",
                    path + " cannot be the name of a slot: Patroni would log an error in each of its rounds",
                    "Use lower-case letters, digits and underscores, at most 63."));
        }
        if (!spec.isObject() || spec.isEmpty()) {
            boolean physical = spec.isNull() || spec.isObject() || spec.asText().equals("0");
            if (!physical) {
                problems.add(Problem.of(
                        "patroni.config.slots",
                        path + " is no description of a slot",
                        "Give {\"type\": \"physical\"}."));
            }
            return;
        }
        String type = spec.path("type").asText();
        boolean complete = type.equals("physical")
                || (type.equals("logical")
                        && !spec.path("database").asText().isEmpty()
                        && !spec.path("plugin").asText().isEmpty());
        if (!complete) {
            problems.add(Problem.of(
                    "patroni.config.slots",
                    path + " is neither a physical slot nor a logical one with database and plugin",
                    "Give type physical, or type logical with database and plugin."));
        }
    }
}
