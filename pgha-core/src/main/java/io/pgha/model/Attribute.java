package io.pgha.model;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An attribute of a value of the model, as the value's interface declares it, and the method of the same name by which
 * its builder takes it. Immutable and thread-safe.
 *
 * @param accessor returns it
 * @param builder the class of the value's builder
 */
record Attribute(Method accessor, Class<?> builder) {

    /** Returns the attributes of a value, as JVMs give them: in the order in which its interface declares them. */
    static List<Attribute> of(Class<?> value) {
        Class<?> builder = builderOf(value).getClass();
        // A default method may be an attribute or not; what Immutables generates has a field for each that is.
        Class<?> generated = builder.getSuperclass().getEnclosingClass();
        return Stream.of(generated.getDeclaredFields())
                .flatMap(field -> Stream.of(value.getMethods())
                        .filter(method -> method.getParameterCount() == 0)
                        .filter(method -> method.getName().equals(field.getName())))
                .map(accessor -> new Attribute(accessor, builder))
                .toList();
    }

    static Object builderOf(Class<?> value) {
        return call(method(value, "builder"), null);
    }

    static <T> T build(Object builder, Class<T> value) {
        return value.cast(call(method(builder.getClass(), "build"), builder));
    }

    /** Returns a name in snake_case. */
    static String key(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|-", "_").toLowerCase(Locale.ROOT);
    }

    String key() {
        return key(accessor.getName());
    }

    Type type() {
        return accessor.getGenericReturnType();
    }

    /** Returns whether every value has one: a list or a map may be empty, and what has a default need not be given. */
    boolean isMandatory() {
        Class<?> type = accessor.getReturnType();
        return !accessor.isDefault()
                && type != Optional.class
                && type != OptionalInt.class
                && !Collection.class.isAssignableFrom(type)
                && !Map.class.isAssignableFrom(type);
    }

    /** Returns it, and a set as the list of what is in it; nothing where it is optional and not there. */
    Optional<Object> of(Object value) {
        Object found = call(accessor, value);
        if (found instanceof OptionalInt number) {
            return number.stream().boxed().map(Object.class::cast).findFirst();
        }
        if (found instanceof Optional<?> optional) {
            return optional.map(Object.class::cast);
        }
        return Optional.of(found instanceof Set<?> set ? List.copyOf(set) : found);
    }

    /** Gives it to a builder. */
    void give(Object to, Object value) {
        call(
                Stream.of(builder.getMethods())
                        .filter(method -> method.getName().equals(accessor.getName()))
                        .filter(method -> method.getParameterCount() == 1)
                        .filter(method -> takes(method.getParameterTypes()[0], value))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(builder + " takes no " + accessor.getName())),
                to,
                value);
    }

    private static boolean takes(Class<?> parameter, Object value) {
        return parameter.isInstance(value)
                || (parameter == int.class && value instanceof Integer)
                || (parameter == long.class && value instanceof Long);
    }

    private static Method method(Class<?> owner, String name) {
        try {
            return owner.getMethod(name);
        } catch (NoSuchMethodException e) {
            throw broken(e);
        }
    }

    /** Public methods of a builder are inherited from a class that is not. */
    private static Object call(Method method, @Nullable Object on, Object... arguments) {
        try {
            method.setAccessible(true);
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw broken(e);
        } catch (IllegalAccessException e) {
            throw broken(e);
        }
    }

    private static IllegalStateException broken(ReflectiveOperationException why) {
        return new IllegalStateException(
                "io.pgha.model is not whole: what shrinks the library, or builds a native image, has to keep its interfaces and"
                        + " what they nest",
                why);
    }
}
