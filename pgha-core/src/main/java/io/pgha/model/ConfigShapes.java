package io.pgha.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Has the YAML of every value that a configuration is made of: that of its attributes' types, but for what stands here. */
final class ConfigShapes {
    static final YamlShape<Node> NODE = of(Node.class);
    static final YamlShape<Vip> VIP = of(Vip.class);
    static final YamlShape<ClusterConfig> CLUSTER = of(ClusterConfig.class);

    private ConfigShapes() {}

    static <T> YamlShape<T> of(Class<T> value) {
        return new YamlShape<>(value, ConfigShapes::key);
    }

    private static YamlKey key(Class<?> value, Attribute attribute) {
        return switch (value.getSimpleName() + "." + attribute.accessor().getName()) {
            case "Topology.nodes" -> new YamlKey(attribute, YamlTypes.any(new NodesType()), true);
            case "Topology.vips" -> new YamlKey(attribute, YamlTypes.any(YamlTypes.list(new VipType())), false);
            case "Node.roles" -> new YamlKey(attribute, YamlTypes.of(attribute.type()), true);
            case "PostgresConfig.parameters" -> new YamlKey(attribute, YamlTypes.any(YamlTypes.PARAMETERS), false);
            default -> new YamlKey(attribute, YamlTypes.of(attribute.type()), attribute.isMandatory());
        };
    }

    /** Reads nodes as a list, or as a mapping from name to the rest; writes a list. */
    private static final class NodesType implements YamlType<List<Node>> {
        private final YamlType<List<Node>> list = YamlTypes.list(NODE);

        @Override
        public Optional<List<Node>> read(YamlValue value) {
            if (!value.isMapping()) {
                return list.read(value);
            }
            return value.entries("nodes").map(entries -> {
                List<Node> nodes = new ArrayList<>();
                entries.forEach(
                        (name, entry) -> NODE.read(entry.with("name", name)).ifPresent(nodes::add));
                return nodes;
            });
        }

        @Override
        public Object write(List<Node> nodes) {
            return list.write(nodes);
        }

        @Override
        public Object whole(List<Node> nodes) {
            return list.whole(nodes);
        }
    }

    /** Reads a virtual IP as {@code address/prefix} or as a mapping; writes the shorter. */
    private static final class VipType implements YamlType<Vip> {
        private static final Set<String> TEXT_SAYS = Set.of("address", "prefix_length");

        private final YamlType<Vip> text =
                YamlTypes.scalar("address/prefix, for example 192.168.60.110/24", this::parse, Vip::cidr);

        @Override
        public Optional<Vip> read(YamlValue value) {
            return value.isScalar() ? text.read(value) : VIP.read(value);
        }

        @Override
        public Object write(Vip vip) {
            Map<String, Object> written = VIP.write(vip);
            return written.keySet().equals(TEXT_SAYS) ? text.write(vip) : written;
        }

        @Override
        public Object whole(Vip vip) {
            return VIP.whole(vip);
        }

        private Optional<Vip> parse(String cidr) {
            try {
                return Optional.of(Vip.of(cidr));
            } catch (InvalidConfigException e) {
                // The caller reports it with path and line, and says the same.
                return Optional.empty();
            }
        }
    }
}
