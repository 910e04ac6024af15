package io.pgha.model;

import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Texts;
import java.util.regex.Pattern;

/** Walks a whole configuration and reports everything that is wrong with it at once. */
final class ConfigRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");

    private static final String ETCD_SUPERUSER = "root";

    private ConfigRules() {}

    static void check(ClusterConfig config) {
        Problems problems = new Problems();
        name(config.name(), problems);
        new TopologyRules(config.topology(), problems).check();
        new VipRules(config.topology(), problems).check();
        new PortRules(config, problems).check();
        etcdUser(config, problems);
        problems.addAll(config.etcd().problems());
        problems.addAll(config.postgres().problems());
        new ParameterRules(config, problems).check();
        problems.addAll(config.patroni().problems());
        problems.addAll(config.haproxy().problems());
        problems.addAll(config.keepalived().problems());
        problems.addAll(config.pki().problems());
        problems.addAll(config.os().problems());
        problems.addAll(config.maintenance().problems());
        InvalidConfigException.throwIfAny(problems.all());
    }

    /** A cluster's name is its user's in etcd, too. */
    private static void etcdUser(ClusterConfig config, Problems problems) {
        if (config.etcd().authentication() == EtcdAuthentication.ENABLED
                && config.name().equals(ETCD_SUPERUSER)) {
            problems.add(
                    "etcd-user",
                    "The cluster is named root, and Patroni's user in etcd with it: that would be etcd's superuser",
                    "Choose another name, for example postgresql-cluster, or leave etcd.authentication disabled.");
        }
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
