package io.pgha.examples.secrecy;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Turns on every log line of the library, which the tests leave out otherwise; slf4j-simple prints them on standard
 * error.
 */
final class Logs {
    private static final String PROPERTY = "org.slf4j.simpleLogger.log.io.pgha";

    private final Map<Object, Object> levels = new HashMap<>();

    void everything() {
        System.setProperty(PROPERTY, "trace"); // for loggers that are made from now on
        try {
            ILoggerFactory factory = LoggerFactory.getILoggerFactory();
            Field all = factory.getClass().getDeclaredField("loggerMap");
            all.setAccessible(true);
            for (Map.Entry<?, ?> each : ((Map<?, ?>) all.get(factory)).entrySet()) {
                if (each.getKey().toString().startsWith("io.pgha")) {
                    levels.put(each.getValue(), level(each.getValue()).get(each.getValue()));
                    level(each.getValue()).set(each.getValue(), 0);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("slf4j-simple has changed", e);
        }
    }

    void asBefore() {
        System.clearProperty(PROPERTY);
        levels.forEach((logger, level) -> {
            try {
                level(logger).set(logger, level);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
            }
        });
    }

    private static Field level(Object logger) throws NoSuchFieldException {
        Field level = logger.getClass().getDeclaredField("currentLogLevel");
        level.setAccessible(true);
        return level;
    }
}
