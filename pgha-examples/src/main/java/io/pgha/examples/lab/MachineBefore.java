package io.pgha.examples.lab;

import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.Properties;

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
        return "boot-id: " + Machine.bootId() + "\n"
                + "sysctl.forward: " + sysctls.forward() + "\n"
                + "sysctl.inotify: " + sysctls.inotify() + "\n"
                + "netns: " + netns + "\n";
    }

    /** Reads what was written since the machine booted. */
    static Optional<MachineBefore> parse(String text) {
        Properties values = new Properties();
        try {
            values.load(new StringReader(text));
        } catch (IOException e) {
            throw Machine.failed("reading what the machine was like", e);
        }
        if (!Machine.bootId().equals(values.getProperty("boot-id"))) {
            return Optional.empty();
        }
        return Optional.of(new MachineBefore(
                new Sysctls.Before(
                        Integer.parseInt(values.getProperty("sysctl.forward")),
                        Integer.parseInt(values.getProperty("sysctl.inotify"))),
                NetnsBefore.valueOf(values.getProperty("netns"))));
    }
}
