package io.pgha.ssh.internal.connection;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import net.schmizz.sshj.common.LoggerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * Keeps sshj quiet: it logs each broken connection as an error with its stack trace, and at TRACE the bytes that are
 * sent. Everything that matters reaches the caller as an exception; who wants the rest sets a logger of sshj to DEBUG.
 */
final class QuietLoggers implements LoggerFactory {

    @Override
    public Logger getLogger(Class<?> type) {
        return getLogger(type.getName());
    }

    @Override
    public Logger getLogger(String name) {
        Logger logger = org.slf4j.LoggerFactory.getLogger(name);
        return logger.isDebugEnabled() ? withoutTrace(logger) : NOPLogger.NOP_LOGGER;
    }

    private static Logger withoutTrace(Logger logger) {
        return (Logger) Proxy.newProxyInstance(
                QuietLoggers.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isTraceEnabled")) {
                        return false;
                    }
                    if (method.getName().equals("trace")) {
                        return null;
                    }
                    try {
                        return method.invoke(logger, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
