package io.pgha.patroni.internal.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.Problem;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.text.CoveredConfig;
import io.pgha.patroni.internal.text.Switch;
import io.pgha.patroni.internal.text.SynchronousText;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Patroni accepts in its dynamic configuration without a word and then changes, ignores or stumbles over. Only
 * what an edit touches is judged. Confined to one call.
 */
final class ConfigRules {
    /** The key of a cluster that pgha has made. */
    static final String PGHA = "pgha";

    private static final Map<String, String> ALIASES =
            Map.of("master_start_timeout", "primary_start_timeout", "master_stop_timeout", "primary_stop_timeout");

    private final JsonNode config;
    private final Set<String> paths;
    private final Servers servers;
    private final List<Problem> problems = new ArrayList<>();

    private ConfigRules(JsonNode config, Set<String> paths, Servers servers) {
        this.config = config;
        this.paths = paths;
        this.servers = servers;
    }

    /** Returns what is wrong with the changed values of a configuration. */
    static List<Problem> check(JsonNode config, Set<String> paths, Servers servers) {
        ConfigRules rules = new ConfigRules(config, paths, servers);
        if (!paths.isEmpty()) {
            rules.all();
        }
        return List.copyOf(rules.problems);
    }

    private void all() {
        if (config.isEmpty()) {
            add("patroni.config.empty", "An empty configuration is not stored", "Keep at least one key.");
        }
        config.properties().forEach(entry -> {
            String key = entry.getKey();
            if (!touched(key)) {
                return;
            }
            JsonNode value = entry.getValue();
            Long least = DynamicSchema.NUMBERS.get(key);
            if (least != null) {
                number(key, value, least);
            } else if (DynamicSchema.SWITCHES.contains(key)) {
                flag(key, value);
            } else if (!DynamicSchema.atTop(key) && !key.equals(PGHA)) {
                unknown(key, "");
            }
        });
        timing();
        aliases();
        synchronous();
        standbyCluster();
        memberSlotsTtl();
        newerThanTheServer();
        postgresql();
        taken();
        problems.addAll(SlotRules.check(config, this::touched));
    }

    private void timing() {
        if (!(touched("ttl") || touched("loop_wait") || touched("retry_timeout"))) {
            return;
        }
        long ttl = config.path("ttl").asLong(30);
        long loop = config.path("loop_wait").asLong(10);
        long retry = config.path("retry_timeout").asLong(10);
        if (loop + 2 * retry > ttl) {
            add(
                    "patroni.config.timing",
                    "loop_wait " + loop + " + 2 * retry_timeout " + retry + " is more than ttl " + ttl
                            + ": Patroni would use other values than these",
                    "Set ttl to at least " + (loop + 2 * retry) + ", or shorten the other two.");
        }
    }

    private void aliases() {
        ALIASES.forEach((old, name) -> {
            if (touched(old) && config.has(name)) {
                add(
                        "patroni.config.alias",
                        old + " is ignored beside " + name,
                        "Remove " + old + " and set " + name + ".");
            }
        });
    }

    private void synchronous() {
        JsonNode mode = config.path("synchronous_mode");
        if (!touched("synchronous_mode") || mode.isMissingNode()) {
            return;
        }
        Optional<SynchronousMode> known = SynchronousText.read(mode);
        if (known.isEmpty()) {
            add(
                    "patroni.config.type",
                    "synchronous_mode is " + shown("synchronous_mode", mode) + ", which Patroni takes for off",
                    "Set it to true, false or quorum.");
        } else if (known.get() == SynchronousMode.QUORUM && older(Feature.PRIMARY_ROLE)) {
            add(
                    "patroni.config.version",
                    "synchronous_mode quorum needs Patroni 4.0; " + versionText() + " takes it for off",
                    "Set it to true, or upgrade Patroni.");
        } else if (known.get() != SynchronousMode.OFF
                && ConfigDocument.of(object()).standbyCluster()) {
            add(
                    "patroni.config.ignored",
                    "synchronous_mode is ignored in a standby cluster",
                    "Leave it out while the cluster follows another one.");
        }
    }

    private void standbyCluster() {
        JsonNode standby = config.path("standby_cluster");
        if (!touched("standby_cluster") || standby.isMissingNode()) {
            return;
        }
        if (!standby.isObject()) {
            add(
                    "patroni.config.type",
                    "standby_cluster is " + shown("standby_cluster", standby) + ", not an object",
                    "Give host, port or restore_command, or remove it.");
            return;
        }
        standby.properties().forEach(entry -> {
            String key = entry.getKey();
            if (!touched("standby_cluster." + key)) {
                return;
            }
            if (DynamicSchema.inStandbyCluster(key)) {
                ValueRules.check("standby_cluster", key, entry.getValue()).ifPresent(problems::add);
            } else {
                unknown(key, "standby_cluster");
            }
        });
        if (!ConfigDocument.of(object()).standbyCluster()) {
            add(
                    "patroni.config.ignored",
                    "standby_cluster names neither host nor port nor restore_command and is ignored",
                    "Give one of the three, or remove it.");
        }
    }

    private void memberSlotsTtl() {
        JsonNode ttl = config.path("member_slots_ttl");
        if (touched("member_slots_ttl") && !ttl.isMissingNode() && !ValueRules.time(ttl)) {
            add(
                    "patroni.config.type",
                    "member_slots_ttl is " + shown("member_slots_ttl", ttl) + ", which Patroni cannot read",
                    "Give seconds, or a text such as 30min.");
        }
    }

    private void newerThanTheServer() {
        if (touched("member_slots_ttl") && config.has("member_slots_ttl") && older(Feature.PRIMARY_ROLE)) {
            add(
                    "patroni.config.version",
                    "member_slots_ttl needs Patroni 4.0; " + versionText() + " ignores it",
                    "Leave it out, or upgrade Patroni.");
        }
        if (touched("primary_race_backoff") && config.has("primary_race_backoff") && older(Feature.RACE_BACKOFF)) {
            add(
                    "patroni.config.version",
                    "primary_race_backoff needs Patroni 4.2; " + versionText() + " ignores it",
                    "Leave it out, or upgrade Patroni.");
        }
    }

    private void postgresql() {
        JsonNode postgresql = config.path("postgresql");
        if (!touched("postgresql") || postgresql.isMissingNode()) {
            return;
        }
        if (!postgresql.isObject()) {
            add(
                    "patroni.config.type",
                    "postgresql is " + shown("postgresql", postgresql)
                            + ": every member would fail in each of its rounds",
                    "Give an object with parameters, pg_hba and the like.");
            return;
        }
        postgresql.properties().forEach(entry -> {
            String key = entry.getKey();
            if (!touched("postgresql." + key)) {
                return;
            }
            JsonNode value = entry.getValue();
            if (!DynamicSchema.inPostgresql(key, postgresql)) {
                unknown(key, "postgresql");
            } else if (DynamicSchema.LOCAL_ONLY.contains(key)) {
                add(
                        "patroni.config.local-only",
                        "postgresql." + key + " is ignored in the dynamic configuration",
                        "Set it in each member's own patroni.yaml.");
            } else if (DynamicSchema.POSTGRESQL_SWITCHES.contains(key)) {
                flag("postgresql." + key, value);
            } else if (DynamicSchema.forOneRole(key) && older(Feature.ROLE_SECTIONS)) {
                add(
                        "patroni.config.version",
                        "postgresql." + key + " needs Patroni 4.2; " + versionText() + " ignores it",
                        "Leave it out, or upgrade Patroni.");
            } else if (key.startsWith("pg_hba")) {
                if (lines("postgresql." + key, value)) {
                    problems.addAll(HbaChecks.check(key, value, servers));
                }
            } else if (key.startsWith("pg_ident")) {
                lines("postgresql." + key, value);
            } else if (key.startsWith("parameters")) {
                problems.addAll(ParameterChecks.check(
                        object(), key, name -> touched("postgresql." + key + "." + name), servers));
            } else {
                ValueRules.check("postgresql", key, value).ifPresent(problems::add);
            }
        });
    }

    /** What an edit takes from a cluster that pgha has made, and it cannot do without. */
    private void taken() {
        if (config.has(PGHA)) {
            problems.addAll(ParameterChecks.taken(config, this::touched));
        } else if (touched(PGHA)) {
            add(
                    "patroni.config.owned",
                    PGHA + " would be gone, by which pgha knows what it has set in this cluster",
                    "Leave it as it is.");
        }
    }

    private void number(String key, JsonNode value, long least) {
        // Patroni reads a text that is a number, too; nothing else.
        boolean whole = (value.isIntegralNumber() && value.canConvertToLong())
                || (value.isTextual() && value.asText().strip().matches("-?\\d{1,18}"));
        if (!whole) {
            add(
                    "patroni.config.type",
                    key + " is " + shown(key, value)
                            + ", not a whole number: Patroni would stop half-way through this change",
                    "Give a whole number without a unit, at least " + least + ".");
        } else if (value.asLong(Long.parseLong(value.asText().strip())) < least) {
            add(
                    "patroni.config.range",
                    key + " is " + shown(key, value) + "; Patroni would use another value than this",
                    "Give at least " + least + ".");
        }
    }

    private void flag(String key, JsonNode value) {
        if (Switch.of(value).isEmpty()) {
            add(
                    "patroni.config.type",
                    key + " is " + shown(key, value) + ", which is neither true nor false and is taken for not set",
                    "Set it to true or false.");
        }
    }

    private boolean lines(String path, JsonNode value) {
        boolean list = value.isArray();
        for (JsonNode line : value) {
            list &= line.isTextual() && line.asText().lines().count() <= 1;
        }
        if (!list) {
            add(
                    "patroni.config.type",
                    path + " is not a list of lines",
                    "Give a list of texts, one for each line of the file.");
        }
        return list;
    }

    private void unknown(String key, String parent) {
        String path = parent.isEmpty() ? key : parent + "." + key;
        Optional<String> meant = DynamicSchema.meant(key, parent);
        add(
                "patroni.config.unknown",
                path + " is no key that Patroni reads"
                        + meant.map(other -> "; did you mean " + other + "?").orElse(""),
                meant.map(other -> "Write " + other + ", or leave it out.")
                        .orElse("Correct the name, or leave it out; parameters of PostgreSQL belong under"
                                + " postgresql.parameters."));
    }

    private boolean touched(String path) {
        return paths.stream()
                .anyMatch(changed ->
                        changed.equals(path) || changed.startsWith(path + ".") || path.startsWith(changed + "."));
    }

    private boolean older(Feature feature) {
        return servers.patroni().filter(known -> !known.has(feature)).isPresent();
    }

    private String versionText() {
        return "Patroni " + servers.patroni().map(PatroniVersion::toString).orElse("");
    }

    private ObjectNode object() {
        return (ObjectNode) config;
    }

    private void add(String code, String message, String remedy) {
        problems.add(Problem.of(code, Text.printable(message), remedy));
    }

    /** Returns a value without its secrets, whose key may be one that says so. */
    static String shown(String key, JsonNode value) {
        return Text.excerpt(CoveredConfig.shown(key, value).toString());
    }
}
