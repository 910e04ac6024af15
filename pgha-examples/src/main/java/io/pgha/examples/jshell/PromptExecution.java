package io.pgha.examples.jshell;

import java.lang.reflect.Method;
import java.util.Map;
import jdk.jshell.execution.LocalExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * Runs snippets in JShell's own JVM, as {@code --execution local} does, and shows their values as {@link Shown} says.
 */
public final class PromptExecution implements ExecutionControlProvider {

    /** For {@link java.util.ServiceLoader}. */
    public PromptExecution() {}

    @Override
    public String name() {
        return "pgha";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
        return new Control();
    }

    private static final class Control extends LocalExecutionControl {
        @Override
        protected String invoke(Method snippet) throws Exception {
            return Shown.echo(super.invoke(snippet));
        }

        @Override
        public String varValue(String className, String variable)
                throws RunException, EngineTerminationException, InternalException {
            return Shown.echo(super.varValue(className, variable));
        }
    }
}
