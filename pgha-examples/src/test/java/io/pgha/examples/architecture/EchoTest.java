package io.pgha.examples.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.pgha.certs.CaStore;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.host.Tunnel;
import io.pgha.plan.Plan;
import io.pgha.run.Run;
import io.pgha.run.RunListener;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever a user can hold says what it is: JShell shows it, and so do logs and debuggers. */
class EchoTest {
    /** What users hold by an interface, whose class they do not see. */
    private static final List<Class<?>> HELD = List.of(
            CaStore.class,
            Component.class,
            Plan.class,
            RemoteHost.class,
            Run.class,
            RunListener.class,
            SecretStore.class,
            Transport.class,
            Tunnel.class);

    /** Passed on among components; nobody else holds one for longer than a call. */
    private static final Set<String> EXEMPT = Set.of("io.pgha.host.Script", "io.pgha.host.Tunnels");

    private final Modules modules = Modules.load();

    @Test
    void everythingHasATextOfItsOwn() {
        List<String> silent = Stream.concat(modules.classes().stream().filter(EchoTest::isPublic), held())
                .filter(each -> !each.isInterface() && !each.isEnum() && !each.isRecord())
                .filter(each -> !each.isAssignableTo(Throwable.class) && !isBuilder(each))
                .filter(EchoTest::isEverMade)
                .filter(each -> !EXEMPT.contains(each.getName()))
                .filter(EchoTest::hasObjectsText)
                .map(JavaClass::getName)
                .distinct()
                .sorted()
                .toList();

        assertThat(silent).isEmpty();
        assertThat(modules.classes().stream().map(JavaClass::getName)).containsAll(EXEMPT);
    }

    private Stream<JavaClass> held() {
        return modules.classes().stream()
                .filter(each -> HELD.stream().anyMatch(each::isAssignableTo))
                .filter(each -> !each.getModifiers().contains(JavaModifier.ABSTRACT));
    }

    private static boolean isPublic(JavaClass each) {
        return !PublicSignature.isInternal(each)
                && each.getModifiers().contains(JavaModifier.PUBLIC)
                && each.getEnclosingClass().map(EchoTest::isPublic).orElse(true);
    }

    /** A builder is on its way to what has a text. */
    private static boolean isBuilder(JavaClass each) {
        return each.getSimpleName().equals("Builder");
    }

    /** A class with static methods alone is never held. */
    private static boolean isEverMade(JavaClass each) {
        return each.getMethods().stream()
                .anyMatch(method -> !method.getModifiers().contains(JavaModifier.STATIC));
    }

    private static boolean hasObjectsText(JavaClass each) {
        try {
            return each.reflect().getMethod("toString").getDeclaringClass() == Object.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }
}
