package io.pgha.ssh.internal.connection;

import io.pgha.host.HostException;
import io.pgha.ssh.internal.channel.FarEnd;
import java.io.IOException;

/** Where a tunnel's connections come out. */
interface FarSide {

    /**
     * Opens one connection.
     *
     * @throws Refused when the machine is well and does not do it
     * @throws HostException when the machine is not reached
     * @throws IOException when nobody serves there
     */
    FarEnd open() throws IOException, InterruptedException;

    /** Reports that a machine does not let connections come out on it. */
    final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        private final HostException failure;

        Refused(HostException failure) {
            super(failure);
            this.failure = failure;
        }

        /** Returns what to tell the caller. */
        HostException failure() {
            return failure;
        }
    }
}
