package io.pgha.host;

import io.pgha.Given;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.immutables.value.Value;

/**
 * A POSIX {@code sh} script to run as root on a {@link RemoteHost}.
 *
 * <p>Immutable and thread-safe, apart from the {@link #output()} consumer, which is the caller's.
 */
@Value.Immutable
public interface Command {

    /**
     * Returns the script. Values in it must be quoted with {@link ShellQuote}; secrets belong into {@link #stdin()}.
     *
     * @return POSIX {@code sh} source
     */
    String script();

    /**
     * Returns what the script finds on its standard input. May hold secrets: it is never logged.
     *
     * @return the bytes; empty by default
     */
    @Value.Default
    @Value.Redacted
    default byte[] stdin() {
        return new byte[0];
    }

    /**
     * Returns how long the command may take before it is given up.
     *
     * @return the limit, 60 seconds by default
     */
    @Value.Default
    default Duration timeout() {
        return Duration.ofSeconds(60);
    }

    /**
     * Returns who is told each line of standard error while the command runs; called on a thread of the transport, must
     * not block.
     *
     * @return the consumer; by default nobody
     */
    @Value.Default
    @Value.Auxiliary
    default Consumer<String> output() {
        return line -> {};
    }

    /**
     * Returns a command with the default timeout and nothing on its standard input.
     *
     * @param script POSIX {@code sh} source
     * @return the command
     */
    static Command sh(String script) {
        return builder().script(script).build();
    }

    /**
     * Returns a builder.
     *
     * @return a new builder; only {@code script} is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Command}. Confined to one thread. */
    final class Builder extends ImmutableCommand.Builder {
        Builder() {}

        /**
         * Puts a text on the script's standard input.
         *
         * @param text the text, sent as UTF-8
         * @return this builder
         */
        public Builder stdin(String text) {
            Given.value(text, "text");
            return stdin(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
