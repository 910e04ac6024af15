package io.pgha;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes what callers give, and refuses null in the words of {@link NullArgumentException}; for the library's own doors.
 */
public final class Given {
    private Given() {}

    /**
     * Returns a value that is there.
     *
     * @param <T> the type of the value
     * @param value what was given
     * @param argument the name of the argument
     * @return the value
     * @throws NullArgumentException when it is null
     */
    public static <T> T value(@Nullable T value, String argument) {
        if (value == null) {
            throw new NullArgumentException(argument);
        }
        return value;
    }

    /**
     * Returns a builder as the caller's function completes it.
     *
     * @param <B> the type of the builder
     * @param builder the builder to complete
     * @param completion what was given
     * @param argument the name of the argument
     * @return what the function returns
     * @throws NullArgumentException when the function is null, or what it returns
     */
    public static <B> B completed(B builder, @Nullable UnaryOperator<B> completion, String argument) {
        return value(value(completion, argument).apply(builder), "what " + argument + " returns");
    }
}
