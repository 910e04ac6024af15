package io.pgha.model;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has the YAML of every value that a configuration is made of: that of its attributes' types, but for what stands here.
 */
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
            case "Topology.nodes" -> key(attribute, new NodesType(), true);
            case "Topology.vips" -> key(attribute, YamlTypes.list(new VipType()), false);
            case "Node.roles" -> key(attribute, of(attribute.type()), true);
            case "PostgresConfig.parameters" -> key(attribute, YamlTypes.PARAMETERS, false);
            default -> key(attribute, of(attribute.type()), attribute.isMandatory());
        };
    }

    /** What an attribute's type reads and writes is what its accessor returns and its builder takes. */
    @SuppressWarnings("unchecked")
    private static YamlKey key(Attribute attribute, YamlType<?> type, boolean required) {
        return new YamlKey(attribute, (YamlType<Object>) type, required);
    }

    private static YamlType<?> of(Type type) {
        if (type instanceof ParameterizedType many) {
            Type[] arguments = many.getActualTypeArguments();
            Type last = arguments[arguments.length - 1];
            if (many.getRawType() == Map.class) {
                return last == String.class ? YamlTypes.TEXTS : YamlTypes.SCALARS;
            }
            return many.getRawType() == Optional.class ? of(last) : YamlTypes.list(of(last));
        }
        Class<?> plain = (Class<?>) type;
        return YamlTypes.of(plain).orElseGet(() -> of(plain));
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
