package io.pgha.examples.secrecy;

import io.pgha.host.Command;
import io.pgha.host.Transport;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import io.pgha.spi.Resource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that can be got out of something that the library hands out: its text, and those of all that its accessors
 * return.
 */
final class Visible {
    /** They hold secrets for the daemons; what they say of themselves is visible. */
    private static final List<Class<?>> HOLDERS =
            List.of(Secret.class, SecretStore.class, Resource.class, Command.class, Transport.class, Component.class);

    /** These do something. */
    private static final Set<String> VERBS =
            Set.of("apply", "start", "await", "future", "hashCode", "toString", "get", "stream", "parallelStream");

    private final StringBuilder text = new StringBuilder();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private Visible() {}

    static String in(Object... things) {
        Visible visible = new Visible();
        Arrays.stream(things).forEach(visible::add);
        return visible.text.toString();
    }

    private void add(Object thing) {
        if (!seen.add(thing)) {
            return;
        }
        text.append(thing).append('\n');
        if (thing instanceof Throwable failure) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            text.append(trace);
            Optional.ofNullable(failure.getCause()).ifPresent(this::add);
            Arrays.stream(failure.getSuppressed()).forEach(this::add);
        }
        if (thing instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                add(key);
                add(value);
            });
        } else if (thing instanceof Collection<?> many) {
            many.forEach(this::add);
        } else if (thing instanceof Optional<?> perhaps) {
            perhaps.ifPresent(this::add);
        } else if (thing.getClass().getName().startsWith("io.pgha.")
                && HOLDERS.stream().noneMatch(holder -> holder.isInstance(thing))) {
            accessors(thing.getClass()).forEach(accessor -> add(value(accessor, thing)));
        }
    }

    private static Stream<Method> accessors(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getParameterCount() == 0
                        && method.getReturnType() != void.class
                        && !method.isBridge()
                        && !Modifier.isStatic(method.getModifiers())
                        && method.getDeclaringClass().getName().startsWith("io.pgha.")
                        && !VERBS.contains(method.getName()));
    }

    private static Object value(Method accessor, Object thing) {
        try {
            accessor.setAccessible(true);
            return accessor.invoke(thing);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(accessor + " of " + thing.getClass(), e);
        }
    }
}
