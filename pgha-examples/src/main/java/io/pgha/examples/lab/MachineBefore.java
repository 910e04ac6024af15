package io.pgha.examples.lab;

import java.util.Map;
import java.util.Optional;

/** Holds what the machine was like before the first of its labs, where all labs share it. Immutable. */
record MachineBefore(Sysctls.Before sysctls, NetnsBefore netns) {

    static MachineBefore read() {
        return new MachineBefore(Sysctls.Before.read(), NetnsBefore.read());
    }

    void restore() throws InterruptedException {
        Sysctls.restore(sysctls);
        netns.restore();
    }

    String text() {
        return SinceBoot.text(Map.of(
                "sysctl.forward", String.valueOf(sysctls.forward()),
                "sysctl.inotify", String.valueOf(sysctls.inotify()),
                "netns", netns.name()));
    }

    /** Reads what was written since the machine booted. */
    static Optional<MachineBefore> parse(String text) {
        return SinceBoot.parse(text)
                .map(values -> new MachineBefore(
                        new Sysctls.Before(
                                Integer.parseInt(values.getProperty("sysctl.forward")),
                                Integer.parseInt(values.getProperty("sysctl.inotify"))),
                        NetnsBefore.valueOf(values.getProperty("netns"))));
    }
}
