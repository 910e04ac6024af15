package io.pgha.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Logs in with a file of {@code /etc/profile.d}, in every shell that Debian gives to users. */
public enum LoginShell {
    /** Whatever {@code sh} is here. */
    SH("sh -l"),
    /** Debian's {@code sh}, which ends at an error in a file that it sources. */
    DASH("dash -l"),
    /** What users have. */
    BASH("bash --login");

    private final String command;

    LoginShell(String command) {
        this.command = command;
    }

    /**
     * Fails when the file prints anything or ends the shell.
     *
     * @param profile the file's text
     * @param question a script that is run behind it
     * @return what the script printed
     */
    public String answers(String profile, String question) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("login");
        Path errors = home.resolve("errors");
        // What /etc/profile does with each of its files, read here by the shell for its user.
        Files.writeString(home.resolve("pgha.sh"), profile);
        Files.writeString(home.resolve(".profile"), "set -u\n. \"$HOME/pgha.sh\"\nset +u\n");
        List<String> argv = new ArrayList<>(List.of(command.split(" ", -1)));
        argv.addAll(List.of("-c", question));
        ProcessBuilder shell = new ProcessBuilder(argv).redirectError(errors.toFile());
        shell.environment().clear();
        shell.environment().put("PATH", System.getenv("PATH"));
        shell.environment().put("HOME", home.toString());
        Process process = shell.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", this, Files.readString(errors))
                .isZero();
        assertThat(errors).as("what %s prints at a login", this).hasContent("");
        return printed.strip();
    }
}
