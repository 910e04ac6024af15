package io.pgha.examples.lab;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives test classes the one lab of this JVM, as {@link LabTest} describes. */
final class LabExtension implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LabExtension.class);
    private static final Set<String> PRINTED = ConcurrentHashMap.newKeySet();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> reason = reasonToSkip(
                System.getProperty("pgha.lab", "auto"),
                System.getProperty("pgha.lab.release", ""),
                annotation(context).release(),
                LocalLab.unavailable());
        reason.filter(PRINTED::add).ifPresent(text -> System.err.println("lab tests skipped: " + text));
        return reason.map(ConditionEvaluationResult::disabled)
                .orElse(ConditionEvaluationResult.enabled("the lab can run"));
    }

    /** Decides whether a class is skipped; where the lab is required, an obstacle fails the class when it starts. */
    static Optional<String> reasonToSkip(String mode, String wanted, Release release, Optional<String> obstacle) {
        if (!wanted.isEmpty() && Release.of(wanted) != release) {
            return Optional.of("it is for " + release.codename() + ", and -Dpgha.lab.release asks for " + wanted);
        }
        return switch (mode) {
            case "off" -> Optional.of("-Dpgha.lab=off");
            case "required" -> Optional.empty();
            case "auto" -> obstacle;
            default ->
                throw new IllegalArgumentException("-Dpgha.lab must be auto, required or off, not '" + mode + "'");
        };
    }

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        Class<?> type = context.getRequiredTestClass();
        // A nested class goes on where its outer class is, unless it says otherwise.
        if (type.getEnclosingClass() == null || type.isAnnotationPresent(LabTest.class)) {
            LabTest wanted = annotation(context);
            shared(context).prepare(wanted.release(), wanted.hosts());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws InterruptedException {
        LabTest wanted = annotation(context);
        if (wanted.hosts() != LabTest.Hosts.NONE) {
            shared(context).prepare(wanted.release(), LabTest.Hosts.AS_LEFT);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalLab.class
                && annotation(context).hosts() != LabTest.Hosts.NONE;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return shared(context).lab();
    }

    private static LabTest annotation(ExtensionContext context) {
        Optional<ExtensionContext> at = Optional.of(context);
        while (at.isPresent()) {
            Optional<LabTest> found = AnnotationSupport.findAnnotation(at.get().getElement(), LabTest.class);
            if (found.isPresent()) {
                return found.get();
            }
            at = at.get().getParent();
        }
        throw new IllegalStateException("use @LabTest, not @ExtendWith(LabExtension.class)");
    }

    private static SharedLab shared(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(SharedLab.class);
    }

    /** Holds the JVM's lab; JUnit closes it after the last class. */
    static final class SharedLab implements AutoCloseable {
        private Optional<LocalLab> lab = Optional.empty();

        synchronized void prepare(Release release, LabTest.Hosts hosts) throws InterruptedException {
            if (hosts == LabTest.Hosts.NONE) {
                close();
                return;
            }
            if (lab.isEmpty()) {
                lab = Optional.of(LocalLab.start(config -> config.release(release)));
            } else if (lab.get().release() != release || hosts == LabTest.Hosts.BARE) {
                lab.get().reset(release);
            }
        }

        synchronized LocalLab lab() {
            return lab.orElseThrow();
        }

        @Override
        public synchronized void close() {
            lab.ifPresent(LocalLab::close);
            lab = Optional.empty();
        }
    }
}
