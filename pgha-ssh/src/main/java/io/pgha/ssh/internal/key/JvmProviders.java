package io.pgha.ssh.internal.key;

import io.pgha.ssh.internal.connection.QuickConfig;
import java.security.Security;
import net.schmizz.sshj.common.SecurityUtils;

/**
 * Decides where sshj gets its algorithms from, which it does once for a whole JVM. Unasked it makes Bouncy Castle a
 * security provider of the JVM, which takes half of the time of the first connection. The JDK has all that
 * {@link QuickConfig} offers, except that sshj asks for ECDSA keys and for ChaCha20 by names that only Bouncy Castle
 * knows.
 */
public final class JvmProviders {
    private static boolean decided;
    private static boolean bouncyCastle;

    private JvmProviders() {}

    /** Leaves Bouncy Castle out unless the application has registered it already. */
    public static synchronized void prepare() {
        if (!decided) {
            decided = true;
            bouncyCastle = Security.getProvider("BC") != null;
            SecurityUtils.setRegisterBouncyCastle(bouncyCastle);
        }
    }

    /** Registers Bouncy Castle: an ECDSA key is about to be read, or ChaCha20 to be used. */
    public static synchronized void needBouncyCastle() {
        prepare();
        if (!bouncyCastle) {
            bouncyCastle = true;
            SecurityUtils.setRegisterBouncyCastle(true);
        }
    }
}
