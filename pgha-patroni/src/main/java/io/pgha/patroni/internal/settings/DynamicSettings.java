package io.pgha.patroni.internal.settings;

import io.pgha.model.patroni.FailsafeMode;
import io.pgha.model.patroni.PatroniConfig;
import io.pgha.patroni.internal.text.SynchronousText;
import io.pgha.spi.PlanContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What pgha keeps in Patroni's dynamic configuration. Immutable.
 *
 * <p>Besides Patroni's own keys it writes one of its own, {@code pgha}, which Patroni stores and ignores: the names of
 * the server parameters that pgha has set. A parameter that leaves the configuration is found there and removed; one
 * that somebody set by hand ({@code patronictl edit-config}) is not, and stays.
 *
 * @param general everything but server parameters
 * @param parameters the server parameters
 */
public record DynamicSettings(Map<String, Object> general, Map<String, Object> parameters) {

    public static DynamicSettings of(PlanContext context) {
        PatroniConfig patroni = context.config().patroni();
        Map<String, Object> general = new LinkedHashMap<>();
        general.put("ttl", patroni.ttl().toSeconds());
        general.put("loop_wait", patroni.loopWait().toSeconds());
        general.put("retry_timeout", patroni.retryTimeout().toSeconds());
        general.put("maximum_lag_on_failover", patroni.maximumLagOnFailover());
        general.put("failsafe_mode", patroni.failsafeMode() == FailsafeMode.ON);
        general.put("synchronous_mode", SynchronousText.of(patroni.synchronousMode()));
        Map<String, Object> postgresql = new LinkedHashMap<>();
        postgresql.put("use_pg_rewind", true);
        postgresql.put("use_slots", true);
        postgresql.put("pg_hba", HbaRules.of(context.config()));
        general.put("postgresql", postgresql);
        return new DynamicSettings(general, ServerParameters.of(context));
    }

    /** Returns all of it, for the first start of a cluster. */
    public Map<String, Object> tree() {
        Map<String, Object> postgresql = new LinkedHashMap<>(child(general, "postgresql"));
        postgresql.put("parameters", parameters);
        Map<String, Object> tree = new LinkedHashMap<>(general);
        tree.put("postgresql", postgresql);
        Map<String, Object> own = new LinkedHashMap<>();
        own.put(Moment.RELOAD.list(), names(Moment.RELOAD));
        own.put(Moment.RESTART.list(), names(Moment.RESTART));
        tree.put("pgha", own);
        return tree;
    }

    /** Returns what takes effect at one moment. */
    public Map<String, Object> tree(Moment moment) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, Object> postgresql = new LinkedHashMap<>();
        if (moment == Moment.RELOAD) {
            tree.putAll(general);
            postgresql.putAll(child(general, "postgresql"));
        }
        Map<String, Object> some = new LinkedHashMap<>();
        names(moment).forEach(name -> some.put(name, parameters.getOrDefault(name, "")));
        postgresql.put("parameters", some);
        tree.put("postgresql", postgresql);
        tree.put("pgha", Map.of(moment.list(), names(moment)));
        return tree;
    }

    public Set<String> names() {
        return parameters.keySet();
    }

    private List<String> names(Moment moment) {
        return new ArrayList<>(new TreeSet<>(parameters.keySet().stream()
                .filter(name -> ServerParameters.needsRestart(name) == (moment == Moment.RESTART))
                .toList()));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> tree, String key) {
        return (Map<String, Object>) tree.getOrDefault(key, Map.of());
    }

    /** Names when a setting takes effect. */
    public enum Moment {
        /** Patroni passes it on at once. */
        RELOAD("parameters"),
        /** PostgreSQL must restart. */
        RESTART("restart_parameters");

        private final String list;

        Moment(String list) {
            this.list = list;
        }

        /** Returns the key below {@code pgha} that remembers these parameters' names. */
        public String list() {
            return list;
        }
    }
}
