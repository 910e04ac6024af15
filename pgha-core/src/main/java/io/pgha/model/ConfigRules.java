package io.pgha.model;

import java.util.regex.Pattern;

/** Walks a whole configuration and reports everything that is wrong with it at once. */
final class ConfigRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");

    private ConfigRules() {}

    static void check(ClusterConfig config) {
        Problems problems = new Problems();
        name(config.name(), problems);
        new TopologyRules(config.topology(), problems).check();
        new VipRules(config.topology(), problems).check();
        new PortRules(config, problems).check();
        EtcdRules.check(config, problems);
        PostgresRules.check(config.postgres(), problems);
        new ParameterRules(config, problems).check();
        PatroniRules.check(config.patroni(), problems);
        HaproxyRules.check(config.haproxy(), problems);
        KeepalivedRules.check(config.keepalived(), problems);
        PkiRules.check(config.pki(), problems);
        OsRules.check(config.os(), problems);
        MaintenanceRules.check(config.maintenance(), problems);
        problems.throwIfAny();
    }

    private static void name(String name, Problems problems) {
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    "cluster-name",
                    "The cluster's name " + Texts.quote(name)
                            + " cannot stand in paths and etcd keys: it must be 1 to 63 letters, digits, _, . or -, and begin"
                            + " with a letter or digit",
                    "Choose another name, for example postgresql-cluster.");
        }
    }
}
