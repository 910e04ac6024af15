package io.pgha.examples.lab;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives test classes the one lab of this JVM, as {@link LabTest} describes. */
public final class LabExtension implements ExecutionCondition, BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LabExtension.class);
    private static final Set<String> PRINTED = ConcurrentHashMap.newKeySet();

    /** Returns the lab that the test class runs on, for extensions that stand on this one. */
    public static LocalLab lab(ExtensionContext context) {
        return shared(context).lab();
    }

    /** Returns the lab with bare hosts, which is at once where it was started or reset for this test class. */
    public static LocalLab bareLab(ExtensionContext context) throws InterruptedException {
        return shared(context).bareLab();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> reason = reasonToSkip(System.getProperty("pgha.lab", "auto"), LocalLab.unavailable());
        reason.filter(PRINTED::add).ifPresent(text -> System.err.println("lab tests skipped: " + text));
        return reason.map(ConditionEvaluationResult::disabled)
                .orElse(ConditionEvaluationResult.enabled("the lab can run"));
    }

    /** Decides whether a class is skipped; where the lab is required, an obstacle fails the class when it starts. */
    static Optional<String> reasonToSkip(String mode, Optional<String> obstacle) {
        return switch (mode) {
            case "off" -> Optional.of("-Dpgha.lab=off");
            case "required", "full" -> Optional.empty();
            case "auto" -> obstacle;
            default ->
                throw new IllegalArgumentException(
                        "-Dpgha.lab must be auto, required, full or off, not '" + mode + "'");
        };
    }

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        // A nested class goes on where its outer class is.
        if (context.getRequiredTestClass().getEnclosingClass() == null) {
            shared(context).prepare(hosts(context));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalLab.class && hosts(context) != LabTest.Hosts.NONE;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return lab(context);
    }

    private static LabTest.Hosts hosts(ExtensionContext context) {
        Class<?> outermost = context.getRequiredTestClass();
        while (outermost.getEnclosingClass() != null) {
            outermost = outermost.getEnclosingClass();
        }
        return AnnotationSupport.findAnnotation(outermost, LabTest.class)
                .orElseThrow(() -> new IllegalStateException("use @LabTest, not @ExtendWith(LabExtension.class)"))
                .hosts();
    }

    private static SharedLab shared(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(SharedLab.class);
    }

    /** Holds the JVM's lab; JUnit closes it after the last class. */
    static final class SharedLab implements AutoCloseable {
        private final Release release = Release.of(System.getProperty("pgha.lab.release", Release.TRIXIE.codename()));
        private Optional<LabTurn> turn = Optional.empty();
        private Optional<LocalLab> lab = Optional.empty();
        private boolean bare;

        synchronized void prepare(LabTest.Hosts hosts) throws InterruptedException {
            bare = false;
            switch (hosts) {
                case NONE -> close();
                case BARE -> bareLab();
                case AS_LEFT -> {
                    if (lab.isEmpty()) {
                        bareLab();
                    }
                }
            }
        }

        synchronized LocalLab bareLab() throws InterruptedException {
            if (turn.isEmpty()) {
                turn = Optional.of(LabTurn.await(number(release)));
            }
            if (lab.isEmpty()) {
                lab = Optional.of(
                        LocalLab.start(config -> config.number(number(release)).release(release)));
            } else if (!bare) {
                lab.get().reset(release);
            }
            bare = true;
            return lab.get();
        }

        /**
         * Gives each release a lab of its own, so that two JVMs can test both at once on a machine that has the cores.
         */
        private static int number(Release release) {
            return switch (release) {
                case TRIXIE -> 0;
                case BOOKWORM -> 1;
            };
        }

        synchronized LocalLab lab() {
            return lab.orElseThrow();
        }

        @Override
        public synchronized void close() {
            try {
                lab.ifPresent(LocalLab::close);
                lab = Optional.empty();
            } finally {
                turn.ifPresent(LabTurn::close);
                turn = Optional.empty();
            }
        }
    }
}
