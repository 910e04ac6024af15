package io.pgha.examples.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.pgha.Cluster;
import io.pgha.Given;
import io.pgha.NullArgumentException;
import io.pgha.PgHa;
import io.pgha.certs.CaStore;
import io.pgha.certs.CertificateAuthority;
import io.pgha.certs.Certs;
import io.pgha.certs.CertsClient;
import io.pgha.etcd.Etcd;
import io.pgha.etcd.EtcdClient;
import io.pgha.host.HostFacts;
import io.pgha.host.InMemoryTransport;
import io.pgha.host.Probes;
import io.pgha.host.Script;
import io.pgha.host.ShellQuote;
import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.model.Topology;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.PatroniFleet;
import io.pgha.run.WhenClosed;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Null is refused at every door and by every builder, and the message says which argument of which call it was. */
class NullTest {
    /**
     * What Immutables writes for a whole collection or Optional; it leaves it to the JVM, which names the argument but
     * not the call.
     */
    private static final Set<Class<?>> GENERATED_ALIKE =
            Set.of(Iterable.class, Map.class, Map.Entry.class, Optional.class, OptionalInt.class, OptionalLong.class);
    /** The words of components among themselves: a component that gives null fails where it is read. */
    private static final List<String> FOR_COMPONENTS = List.of(
            "io.pgha.spi",
            "io.pgha.resource",
            "io.pgha.os",
            "io.pgha.proxy",
            "io.pgha.port",
            "io.pgha.text",
            "io.pgha.tls");
    /** The check itself, and more words of components. */
    private static final Set<Class<?>> EXEMPT = Set.of(
            Given.class, NullArgumentException.class, HostFacts.class, Probes.class, Script.class, ShellQuote.class);

    private final PgHa pgha = PgHa.builder()
            .transport(InMemoryTransport.of("trixie"))
            .secrets(SecretStore.memory())
            .install(Certs.component(CaStore.memory()))
            .install(Etcd.component())
            .install(Patroni.component())
            .build();
    private final ClusterConfig config = ClusterConfig.builder()
            .name("main")
            .topology(t -> t.node("n1", "10.0.0.1", NodeRole.ETCD, NodeRole.POSTGRES))
            .build();
    private final Cluster cluster = pgha.cluster(config);
    private final PatroniClient patroni = Patroni.client(c -> c.endpoint("http://127.0.0.1:1"));
    private final EtcdClient etcd = Etcd.client(c -> c.endpoint("http://127.0.0.1:1"));
    private final CertsClient certs = Certs.client(cluster);
    private final PatroniFleet fleet = Patroni.fleet(f -> f.cluster("main", c -> c.endpoint("http://127.0.0.1:1")));
    private final Map<Class<?>, Object> samples = Map.ofEntries(
            Map.entry(PgHa.class, pgha),
            Map.entry(Cluster.class, cluster),
            Map.entry(ClusterConfig.class, config),
            Map.entry(Topology.class, config.topology()),
            Map.entry(Node.class, config.node("n1")),
            Map.entry(ConfigCodec.class, ConfigCodec.yaml()),
            Map.entry(PatroniClient.class, patroni),
            Map.entry(PatroniFleet.class, fleet),
            Map.entry(EtcdClient.class, etcd),
            Map.entry(CertsClient.class, certs),
            Map.entry(CertificateAuthority.class, CertificateAuthority.create(a -> a.cluster("main"))),
            Map.entry(Secret.class, Secret.of("secret")),
            Map.entry(SecretStore.class, SecretStore.memory()),
            Map.entry(String.class, "text"),
            Map.entry(Path.class, Path.of("file")),
            Map.entry(URI.class, URI.create("http://127.0.0.1:1")),
            Map.entry(UnaryOperator.class, UnaryOperator.identity()),
            Map.entry(WhenClosed.class, WhenClosed.override("why")),
            Map.entry(Duration.class, Duration.ofDays(1)));

    @AfterEach
    void close() {
        fleet.close();
        certs.close();
        etcd.close();
        patroni.close();
        pgha.close();
    }

    @Test
    void everyDoorSaysWhatWasNull() {
        List<String> silent = new ArrayList<>();
        List<Method> doors = doors();
        for (Method door : doors) {
            Parameter[] parameters = door.getParameters();
            IntStream.range(0, parameters.length)
                    .filter(index -> takesNoNull(door, parameters[index]))
                    .forEach(index -> said(door, index)
                            .filter(said -> !says(said, door, parameters[index]))
                            .ifPresent(said -> silent.add(door + " [" + parameters[index].getName() + "]: " + said)));
        }

        assertThat(silent).isEmpty();
        assertThat(doors).hasSizeGreaterThan(500);
    }

    @Test
    void theCallThatIsNamedIsTheOneThatItsCallerWrote() {
        assertThatThrownBy(() -> ClusterConfig.builder().topology(t -> t.node(null, "10.0.0.1", NodeRole.ETCD)))
                .isInstanceOf(NullArgumentException.class)
                .hasMessageStartingWith("Topology.builder().node(..): name must not be null\n  To fix: ");
        assertThatThrownBy(() -> ClusterConfig.builder().topology(t -> null))
                .hasMessageStartingWith(
                        "ClusterConfig.builder().topology(..): what topology returns must not be null\n");
    }

    private List<Method> doors() {
        return Modules.load().classes().stream()
                .filter(NullTest::isForUsers)
                .map(JavaClass::reflect)
                .filter(type -> !EXEMPT.contains(type) && !type.isEnum() && !type.isRecord())
                .flatMap(type -> Arrays.stream(type.getMethods())
                        .filter(method -> Modifier.isStatic(method.getModifiers())
                                ? method.getDeclaringClass() == type
                                : type.getSimpleName().equals("Builder") || samples.containsKey(type)))
                .filter(method -> method.getDeclaringClass() != Object.class)
                .filter(method -> Modifier.isStatic(method.getModifiers())
                        || !method.getDeclaringClass().isInterface()
                        || samples.containsKey(method.getDeclaringClass()))
                .filter(method -> !method.getName().equals("equals"))
                .filter(method -> !method.isBridge() && !method.isSynthetic())
                .filter(method -> !Modifier.isAbstract(method.getModifiers()))
                .distinct()
                .toList();
    }

    private static boolean isForUsers(JavaClass type) {
        return !PublicSignature.isInternal(type)
                && FOR_COMPONENTS.stream().noneMatch(room -> (type.getPackageName() + ".").startsWith(room + "."))
                && type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(NullTest::isForUsers).orElse(true);
    }

    private static boolean takesNoNull(Method door, Parameter parameter) {
        boolean generated = door.getDeclaringClass().getName().contains(".Immutable");
        Class<?> type = parameter.getType();
        return !type.isPrimitive() && !(generated && (type.isArray() || GENERATED_ALIKE.contains(type)));
    }

    /** Returns what an answer to null says; empty where the receiver cannot be had. */
    private Optional<String> said(Method door, int index) {
        Object[] arguments =
                Stream.of(door.getParameterTypes()).map(this::sample).toArray();
        arguments[index] = null;
        try {
            door.setAccessible(true);
            Object result = door.invoke(receiver(door), arguments);
            if (result instanceof CompletableFuture<?> future) {
                future.join();
            }
            return Optional.of("nothing");
        } catch (InvocationTargetException e) {
            return Optional.of(String.valueOf(e.getCause()));
        } catch (CompletionException e) {
            return Optional.of(String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(door.toString(), e);
        }
    }

    /** A method that returns a future is named like its twin. */
    private static boolean says(String said, Method door, Parameter parameter) {
        String type = door.getDeclaringClass().getSimpleName();
        String owner = type.equals("Builder")
                ? door.getDeclaringClass().getEnclosingClass().getSimpleName().replace("Immutable", "") + ".builder()"
                : type;
        return said.startsWith(NullArgumentException.class.getName() + ": " + owner + "."
                        + door.getName().replaceFirst("Async$", "") + "(..): ")
                && said.contains(parameter.getName());
    }

    private Object receiver(Method door) throws ReflectiveOperationException {
        Class<?> type = door.getDeclaringClass();
        if (Modifier.isStatic(door.getModifiers())) {
            return type;
        }
        if (samples.containsKey(type)) {
            return samples.get(type);
        }
        Constructor<?> constructor = builder(type).getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /** The class that users see, where a setter is declared in the one that Immutables writes. */
    private static Class<?> builder(Class<?> type) throws ReflectiveOperationException {
        String name = type.getName();
        return name.contains(".Immutable") ? Class.forName(name.replace(".Immutable", ".")) : type;
    }

    private Object sample(Class<?> type) {
        if (samples.containsKey(type)) {
            return samples.get(type);
        }
        if (type.isPrimitive()) {
            return Array.get(Array.newInstance(type, 1), 0);
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return type.isInterface() && !type.isSealed()
                ? Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> null)
                : null;
    }
}
