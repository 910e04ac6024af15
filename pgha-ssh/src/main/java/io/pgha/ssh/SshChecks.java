package io.pgha.ssh;

import io.pgha.Problem;
import io.pgha.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The checks that the builders of this package share. */
final class SshChecks {
    private SshChecks() {}

    static void name(List<Problem> problems, String what, String value) {
        if (value.isBlank() || value.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            problems.add(Problem.of(
                    "config.ssh-name",
                    "The SSH " + what + " \"" + value + "\" is empty or holds white space",
                    "Give a plain name."));
        }
    }

    static void port(List<Problem> problems, String what, int port) {
        if (port < 1 || port > 65535) {
            problems.add(Problem.of(
                    "config.ssh-port", "The SSH " + what + " is " + port, "Give a port from 1 to 65535; SSH's is 22."));
        }
    }

    static void path(List<Problem> problems, String what, Path path) {
        if (path.toString().startsWith("~")) {
            String rest = path.getNameCount() < 2
                    ? ""
                    : path.subpath(1, path.getNameCount()).toString();
            problems.add(Problem.of(
                    "config.ssh-path",
                    "The SSH " + what + " " + path + " starts with ~, which only a shell replaces by a home directory",
                    "Write the home directory out: Path.of(System.getProperty(\"user.home\"), \"" + rest
                            + "\"); for a file" + " that is called so, write ./ before it."));
        }
    }

    static void credentials(List<Problem> problems, List<SshCredential> credentials) {
        for (SshCredential credential : credentials) {
            if (credential instanceof SshCredential.PrivateKey key) {
                path(problems, "private key", key.file());
            }
            if (credential instanceof SshCredential.Password password) {
                oneLine(problems, "password", password.secret());
            }
        }
    }

    static void oneLine(List<Problem> problems, String what, Secret secret) {
        if (secret.reveal().isEmpty() || secret.reveal().chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            problems.add(Problem.of(
                    "config.ssh-password",
                    "The SSH " + what + " is empty or has a line break in it",
                    "Strip what was read from a file: Secret.of(Files.readString(file).strip())."));
        }
    }

    static void positive(List<Problem> problems, String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            problems.add(Problem.of(
                    "config.ssh-duration",
                    "The SSH " + what + " is " + value,
                    "Give a time above zero, for example Duration.ofSeconds(10)."));
        }
    }
}
