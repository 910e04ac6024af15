package io.pgha.examples.lab;

import java.time.Duration;

/** Logs in to a lab's hosts as an operator does, with the lab's key and its known hosts. Stateless. */
final class OpenSshClient {
    private OpenSshClient() {}

    /** Returns what a command prints, which must succeed. */
    static String run(LocalLab lab, String user, LabHost host, String command) throws InterruptedException {
        return Shell.command(
                        "ssh",
                        "-i",
                        lab.privateKey().toString(),
                        "-o",
                        "UserKnownHostsFile=" + lab.knownHosts(),
                        "-o",
                        "StrictHostKeyChecking=yes",
                        "-o",
                        "BatchMode=yes",
                        "-o",
                        "LogLevel=ERROR",
                        "-o",
                        "ConnectTimeout=3",
                        user + "@" + host.address(),
                        command)
                .timeout(Duration.ofMinutes(2))
                .check()
                .text();
    }
}
