package io.pgha.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.Topology;
import io.pgha.model.Vip;
import io.pgha.model.maintenance.ClosedTime;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Somebody has thought about every attribute of the model. */
class ChangeRuleTest {
    /** Parts whose own attributes have no names of their own in the rules. */
    private static final Set<Class<?>> LEAVES = Set.of(ClosedTime.class);

    @Test
    void everyAttributeIsClassifiedAndNothingElse() throws Exception {
        List<String> attributes = new ArrayList<>();
        collect("", ClusterConfig.class, attributes);

        assertThat(attributes)
                .contains("name", "topology.nodes.*.address", "topology.vips.*.prefix_length", "postgres.port")
                .hasSizeGreaterThan(60);
        assertThat(ChangeRule.all())
                .extracting(rule -> rule.pattern().toString())
                .containsExactlyInAnyOrderElementsOf(attributes);
    }

    @Test
    void aLocaleThatIsSpelledOtherwiseIsTheSame() {
        ChangeRule locale = ChangeRule.of(AttributePath.of("postgres.locale")).orElseThrow();
        assertThat(locale.refuses(Set.of("C.UTF-8"), Set.of("C.utf8"))).isFalse();
        assertThat(locale.refuses(Set.of("C.UTF-8"), Set.of("C"))).isTrue();
        ChangeRule encoding =
                ChangeRule.of(AttributePath.of("postgres.encoding")).orElseThrow();
        assertThat(encoding.refuses(Set.of("UTF8"), Set.of("utf-8"))).isFalse();
        assertThat(encoding.refuses(Set.of("UTF8"), Set.of("UNICODE"))).isFalse();
        assertThat(encoding.refuses(Set.of("UTF8"), Set.of("LATIN1"))).isTrue();
        ChangeRule name = ChangeRule.of(AttributePath.of("name")).orElseThrow();
        assertThat(name.refuses(Set.of("main"), Set.of("ma-in"))).isTrue();
    }

    /** The generated classes have a field for each attribute, and none for what follows from others. */
    private static void collect(String prefix, Class<?> part, List<String> attributes) throws Exception {
        Class<?> generated = Class.forName(part.getPackageName() + ".Immutable" + part.getSimpleName());
        for (String name : Arrays.stream(generated.getDeclaredFields())
                .filter(field ->
                        !Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers()))
                .map(java.lang.reflect.Field::getName)
                .filter(name -> !name.equals("initShim"))
                .toList()) {
            Type type = part.getMethod(name).getGenericReturnType();
            String path = prefix + name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            if (type instanceof ParameterizedType list
                    && list.getActualTypeArguments().length == 1
                    && isPart(list.getActualTypeArguments()[0])) {
                collect(path + ".*.", (Class<?>) list.getActualTypeArguments()[0], attributes);
            } else if (isPart(type)) {
                collect(path + ".", (Class<?>) type, attributes);
            } else {
                attributes.add(path);
            }
        }
    }

    private static boolean isPart(Type type) {
        return type instanceof Class<?> part
                && part.isInterface()
                && part.getPackageName().startsWith(ClusterConfig.class.getPackageName())
                && !LEAVES.contains(part);
    }

    @Test
    void partsAreRecognized() {
        assertThat(List.of(Topology.class, Node.class, Vip.class)).allMatch(ChangeRuleTest::isPart);
        assertThat(isPart(String.class)).isFalse();
    }

    @Test
    void whatIsRefusedHasACodeAndAReason() {
        assertThat(ChangeRule.all())
                .filteredOn(rule -> rule.kind() == ChangeRule.Kind.FIXED || rule.kind() == ChangeRule.Kind.GROWS)
                .allSatisfy(rule -> {
                    assertThat(rule.code()).startsWith("change.");
                    assertThat(rule.why()).isNotBlank();
                });
    }
}
